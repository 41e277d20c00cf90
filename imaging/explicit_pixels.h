// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/dicom/dataset.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/pixel_source.h"

namespace sekisho::imaging {

/// The native pixels of `header`, both written down as `syntax` says, in explicit VR little endian
/// (PS3.5 §A.2): new heads of the elements, before values that stay where they are in the file, or
/// of which words are turned round when they are read. `nullopt`: readers would not agree on what
/// the cells are, or they are not native. Any thread; throws StoreError.
std::optional<PixelSource> explicit_pixels(const PixelSource& pixels,
                                           const core::dicom::Dataset& header,
                                           const core::dicom::TransferSyntax& syntax);

}  // namespace sekisho::imaging
