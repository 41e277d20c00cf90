// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"
#include "core/demand.h"
#include "core/memory_budget.h"

namespace sekisho::returns {

/// The document of an Encapsulated PDF and the like (PS3.3 §C.24.2), to be scanned by itself:
/// inside of a DICOM file a scanner takes nothing apart. Empty where there is none. Throws
/// core::MemoryShortage and core::DemandOver.
core::Bytes document_in(core::ByteView part10, core::MemoryBudget& memory,
                        const core::Demand& demand);

}  // namespace sekisho::returns
