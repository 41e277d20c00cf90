// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"
#include "imaging/pixel_source.h"

namespace sekisho::anonymization {

/// Decodes every frame of `pixels`, which are the file's, and looks into the bits that hold no
/// sample: overlays were once kept there (PS3.5 §8.1.1, retired). False where one has something in
/// them, or there is no decoder for it. One frame is in memory at a time; throws what reading the
/// file throws, MemoryShortage and DemandOver. Any thread.
bool are_other_bits_clear(const core::dicom::CheckedFile& file, const imaging::PixelSource& pixels,
                          const core::Demand& demand, core::MemoryBudget::Taken* memory);

}  // namespace sekisho::anonymization
