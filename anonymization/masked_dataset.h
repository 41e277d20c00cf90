// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "anonymization/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::anonymization {

enum class Part {
  header,  ///< carries the statement of how it was masked
  trailer
};

struct MaskedDataset {
  core::Bytes bytes;  ///< in the transfer syntax it came in; sequences of undefined length
  /// (0008,0018) at the top level before and after, where it was there and a UID.
  std::optional<core::Uid> original_sop_instance;
  std::optional<core::Uid> masked_sop_instance;
};

/// Masks a run of elements, without pixel elements, that CheckedFile has walked. Every element of
/// the result was put there by a rule: nothing is there because it was overlooked. Throws MaskError
/// if DCMTK cannot read all of it. Any thread.
MaskedDataset mask_dataset(core::ByteView dataset, const core::dicom::TransferSyntax& syntax,
                           Part part, const Profile& profile, const Pseudonyms& pseudonyms);

}  // namespace sekisho::anonymization
