// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "anonymization/pixels/splice.h"
#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/decoders/frame_decoder.h"

namespace sekisho::anonymization {

/// The header of a compressed image, telling the truth about its decoded pixels: what their
/// `photometric` interpretation is, colour by pixel, and (0028,2110) is 01 where compression could
/// lose something and nobody had said (PS3.3 §C.7.6.1.1.5). `more` is changed as well, ascending.
core::Bytes header_of_decoded(core::ByteView header, const core::dicom::TransferSyntax& syntax,
                              imaging::Photometric photometric, std::uint32_t samples,
                              imaging::Loss loss, std::span<const ElementReplacement> more = {});

}  // namespace sekisho::anonymization
