// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "core/dicom/transfer_syntax.h"
#include "core/memory_budget.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"
#include "imaging/pixel_source.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// Compressed pixels as native ones in explicit VR little endian, and what a header must say then.
struct DecodedPixels {
  PixelSource pixels;
  Photometric photometric;
  std::uint32_t samples;  ///< of a pixel, which stand together
  Loss loss;
};

/// `header` is the data set that the pixels belong to, and `syntax` how both are written down. The
/// first frames are decoded here, as CellsInTurn says, and all one by one when they are read: one
/// that is damaged, or has other colours than these, makes that a StoreError. One frame is in
/// memory at a time, with what its decoder needs, which `memory` has more of its budget before;
/// null: nothing is counted. Throws what reading the source throws, MemoryShortage and DemandOver.
/// Any thread.
std::variant<DecodedPixels, Refusal> decoded_pixels(const PixelSource& pixels,
                                                    const core::dicom::Dataset& header,
                                                    const core::dicom::TransferSyntax& syntax,
                                                    const core::Demand& demand = {},
                                                    core::MemoryBudget::Taken* memory = nullptr);

}  // namespace sekisho::imaging
