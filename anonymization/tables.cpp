// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/tables.h"

#include <algorithm>

#include "anonymization/tables/tables_data.h"

namespace sekisho::anonymization {

static_assert(std::ranges::is_sorted(table::kConfidentiality, {}, &ConfidentialityRow::tag));
static_assert(std::ranges::is_sorted(table::kDecisions, {}, &DecisionRow::tag));
static_assert(std::ranges::is_sorted(table::kWellKnownUids));

std::span<const ConfidentialityRow> confidentiality_rows() { return table::kConfidentiality; }

std::span<const DecisionRow> decision_rows() { return table::kDecisions; }

bool is_well_known_uid(std::string_view uid) {
  return std::ranges::binary_search(table::kWellKnownUids, uid);
}

}  // namespace sekisho::anonymization
