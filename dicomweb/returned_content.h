// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"

namespace sekisho::dicomweb {

/// Whether what an object holds is what it says it is, so that no viewer in the hospital takes it
/// for something else (a "PDF" that is a page with a script).
enum class ContentFinding {
  as_it_says,
  something_else,      ///< the bytes are not what class, type, shape or transfer syntax say
  unknown_code_stream  ///< a transfer syntax whose code streams are not known here
};

/// Of an object of a class that may come back (may_be_returned()):
///
/// - an Encapsulated PDF says "application/pdf", begins with "%PDF-" at its first byte and ends
/// with
///   "%%EOF" and white space (ISO 32000-1 §7.5.2, §7.5.5); no other object has a document;
/// - pixel data stand in images and segmentations alone. Native ones are as long as their shape
///   says (PS3.5 §8.1.1); encapsulated ones have a code stream for each frame, which begins and
///   ends as the transfer syntax says, with the shape of the image (PS3.5 §A.4).
///
/// Depends on the object alone. Takes as much of `memory` as the pixel data have. Throws what the
/// file's store throws, core::MemoryShortage and core::DemandOver.
ContentFinding look_at_content(const core::dicom::CheckedFile& object, core::MemoryBudget& memory,
                               const core::Demand& demand);

}  // namespace sekisho::dicomweb
