// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <variant>

#include "anonymization/pixels/rectangle.h"
#include "anonymization/pixels/withhold_reason.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"

namespace sekisho::anonymization {

/// The file with the rectangles of every frame blackened, in memory, or why that cannot be done:
/// what cannot be cleaned must be withheld.
///
/// (0028,0301) becomes NO. A native file keeps its transfer syntax and all else in its data set but
/// group lengths. A compressed one
/// becomes explicit VR little endian; its header then tells the photometric interpretation and
/// colour by pixel, and (0028,2110) is 01 where the compression could lose something and nobody had
/// said. Pixels outside the rectangles are bit for bit what the decoder gives. Bytes behind the
/// last frame are blanked or left behind.
///
/// Memory: pixels twice and the header while it runs, or once, compressed and with what the decoder
/// of a frame needs; the file that comes out after. `memory` has as much more of its budget before
/// anything is read; null: nothing is counted. Any thread; throws what reading the file throws,
/// MemoryShortage and DemandOver.
std::variant<core::dicom::CheckedFile, WithholdReason> clean_pixels(
    const core::dicom::CheckedFile& file, std::span<const Rectangle> rectangles,
    const core::Demand& demand = {}, core::MemoryBudget::Taken* memory = nullptr);

}  // namespace sekisho::anonymization
