// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "core/demand.h"
#include "core/memory_budget.h"
#include "core/stored_file.h"

namespace sekisho::dicomweb {

/// Whether a Content-Encoding field names gzip alone (RFC 9110 §8.4.1.3, "x-gzip" included).
bool is_gzip(std::string_view content_encoding);

enum class GzipProblem {
  malformed,  ///< no gzip, cut short, with bytes behind it, or not what its checksums say
  too_large,  ///< more than `most_bytes` come out
};

/// What comes out of a body in that coding (RFC 1952, any number of members), in memory, of which
/// `memory` has taken as much. Throws core::StoreError, core::MemoryShortage and core::DemandOver.
std::variant<core::StoredFile, GzipProblem> gunzip(const core::StoredFile& body,
                                                   std::uint64_t most_bytes,
                                                   core::MemoryBudget& budget,
                                                   core::MemoryBudget::Taken& memory,
                                                   const core::Demand& demand);

}  // namespace sekisho::dicomweb
