// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "core/demand.h"
#include "core/dicom/walker.h"
#include "core/stored_file.h"

namespace sekisho::core::dicom {

/// Inflates a deflated data set (PS3.5 §A.5, raw RFC 1951) that lies in `file` from `begin` to the
/// end. Memory grows with what comes out; more than `bytes_left` is a defect. What came out is
/// taken off these, also before a defect. Throws DemandOver.
std::variant<Bytes, Defect> inflate(const StoredFile& file, std::uint64_t begin,
                                    std::uint64_t& bytes_left, const Demand& demand = {});

}  // namespace sekisho::core::dicom
