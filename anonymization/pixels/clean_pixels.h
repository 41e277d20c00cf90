// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <variant>

#include "anonymization/pixels/known_pixels.h"
#include "anonymization/pixels/rectangle.h"
#include "anonymization/pixels/withhold_reason.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"

namespace sekisho::anonymization {

/// The file with the rectangles of every frame blackened, made while it is read, or why that cannot
/// be done: what cannot be cleaned must be withheld.
///
/// (0028,0301) becomes NO. A native file keeps its transfer syntax and all else in its data set but
/// group lengths. A compressed one becomes explicit VR little endian; its header then tells the
/// photometric interpretation and colour by pixel, and (0028,2110) is 01 where the compression
/// could lose something and nobody had said. Pixels outside the rectangles are bit for bit what the
/// decoder gives. Bytes behind the last frame are blanked or left behind.
///
/// Every frame of a compressed file is decoded here once, so that one that cannot be is a reason
/// and not trouble later: not again where `known` says that all can be, and where they can it is
/// told so.
///
/// Memory: the header twice, and of a compressed file one frame with what its decoder needs.
/// `memory` has as much more of its budget before; null: nothing is counted. Any thread; throws
/// what reading the file throws, MemoryShortage and DemandOver. Reading the result throws
/// StoreError.
std::variant<core::dicom::CheckedFile, WithholdReason> clean_pixels(
    const core::dicom::CheckedFile& file, std::span<const Rectangle> rectangles,
    const core::Demand& demand = {}, core::MemoryBudget::Taken* memory = nullptr,
    const KnownPixels::OfFile& known = {});

}  // namespace sekisho::anonymization
