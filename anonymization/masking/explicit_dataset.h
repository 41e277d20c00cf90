// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/dataset.h"

namespace sekisho::anonymization {

/// Appends what `dataset`, which is sound and without pixels, says in explicit VR little endian
/// (PS3.5 §A.2): group lengths, which would be of other bytes, are left out (§7.2), sequences get
/// undefined lengths, and what nobody knows the VR of is UN (§6.2.2). False: it cannot be written
/// so, and `out` is worth nothing. Throws DemandOver. Any thread.
bool append_explicit(core::ByteBuffer& out, const core::dicom::Dataset& dataset,
                     const core::Demand& demand = {});

}  // namespace sekisho::anonymization
