// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "anonymization/masking/author.h"
#include "anonymization/masking/masked_part.h"
#include "anonymization/masking/pixel_claim.h"
#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/byte_buffer.h"
#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/replay.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::anonymization {

/// Masks a run of elements, without pixel elements, that were walked in `steps`, and appends it to
/// `out` in the transfer syntax it came in; sequences get undefined lengths. One pass, without
/// recursion and without an allocation per element. Every element of the result was put there by a
/// rule: nothing is there because it was overlooked. Throws MaskError for what cannot be masked,
/// and DemandOver; `out` is worth nothing then. Any thread.
SopInstance append_masked(core::ByteBuffer& out, core::ByteView dataset,
                          std::span<const core::dicom::Step> steps,
                          const core::dicom::TransferSyntax& syntax, Part part,
                          const Profile& profile, const Pseudonyms& pseudonyms,
                          Author author = Author::hospital, const core::Demand& demand = {},
                          PixelClaim pixels = PixelClaim::none);

}  // namespace sekisho::anonymization
