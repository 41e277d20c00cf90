// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"
#include "imaging/pixel_source.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// The pixel elements as they are.
PixelSource stored_pixels(const core::dicom::CheckedFile& file);
/// None of them.
PixelSource no_pixels(const core::dicom::CheckedFile& file);

/// The pixels that the file declares, and nothing else (PS3.5 §8.1.1, §A.4; PS3.15 §E.2): one pixel
/// element; no byte behind the last declared frame, no fragment of another; code streams as
/// StreamCleaner leaves them; offset tables made anew where there were any; zeros as padding; bits
/// above and below the stored ones clear. A file without pixels has an empty source.
///
/// One frame of a compressed file is in memory at a time, and `memory` has as much more of its
/// budget; null: nothing is counted. Throws what reading the file throws, MemoryShortage and
/// DemandOver. Any thread.
std::variant<PixelSource, Refusal> clean_pixels(const core::dicom::CheckedFile& file,
                                                const core::Demand& demand = {},
                                                core::MemoryBudget::Taken* memory = nullptr);

}  // namespace sekisho::imaging
