// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "core/dicom/transfer_syntax.h"
#include "core/memory_budget.h"
#include "imaging/encoders/frame_encoder.h"
#include "imaging/pixel_source.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// Pixels encapsulated in another transfer syntax (PS3.5 §A.4): a fragment for each frame, and an
/// offset table of as many as 32 bits can tell. What a header must say then.
struct EncodedPixels {
  PixelSource pixels;
  Photometric photometric;
  std::uint32_t samples;  ///< of a pixel, which stand together
  Loss loss;
};

/// `header` is the data set that the pixels belong to, and `syntax` how both are written down. All
/// frames are encoded here, for their lengths, and all but the last again when they are read: one
/// frame is in memory at a time, with what its codecs need and half a kilobyte for each, which
/// `memory` has more of its budget before; null: nothing is counted. Refused are more than a
/// million frames, and fewer than the header declares. Throws what reading the source throws,
/// MemoryShortage and DemandOver. Any thread.
std::variant<EncodedPixels, Refusal> encoded_pixels(const PixelSource& pixels,
                                                    const core::dicom::Dataset& header,
                                                    const core::dicom::TransferSyntax& syntax,
                                                    const PixelEncoder& encoder,
                                                    const core::Demand& demand = {},
                                                    core::MemoryBudget::Taken* memory = nullptr);

}  // namespace sekisho::imaging
