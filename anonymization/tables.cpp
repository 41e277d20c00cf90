// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/tables.h"

#include <algorithm>
#include <tuple>

#include "anonymization/tables/tables_data.h"

namespace sekisho::anonymization {
namespace {

constexpr auto kSafePrivateKey = [](const SafePrivateRow& row) {
  return std::pair(row.creator, row.tag);
};
constexpr auto kContentKey = [](const ContentRow& row) {
  return std::tuple(row.scheme, row.code, row.value_type);
};

}  // namespace

static_assert(std::ranges::is_sorted(table::kConfidentiality, {}, &ConfidentialityRow::tag));
static_assert(std::ranges::is_sorted(table::kDecisions, {}, &DecisionRow::tag));
static_assert(std::ranges::is_sorted(table::kSafePrivate, {}, kSafePrivateKey));
static_assert(std::ranges::is_sorted(table::kContent, {}, kContentKey));
static_assert(std::ranges::adjacent_find(table::kContent, {}, kContentKey) ==
              std::end(table::kContent));
static_assert(std::ranges::is_sorted(table::kWordsAlone));
static_assert(std::ranges::is_sorted(table::kWordsBeside));
static_assert(std::ranges::is_sorted(table::kTurns));
static_assert(std::ranges::is_sorted(table::kSides));
static_assert(std::ranges::is_sorted(table::kStates));
static_assert(std::ranges::is_sorted(table::kStructures));
static_assert(std::ranges::is_sorted(table::kCodingSchemes));
static_assert(std::ranges::is_sorted(table::kWellKnownUids));

std::span<const ConfidentialityRow> confidentiality_rows() { return table::kConfidentiality; }

std::span<const DecisionRow> decision_rows() { return table::kDecisions; }

const DecisionReason& reason_of(const DecisionRow& row) { return table::kReasons[row.reason]; }

std::span<const CodeTermRow> code_term_rows() { return table::kCodeTerms; }

std::span<const SafePrivateRow> safe_private_rows() { return table::kSafePrivate; }

core::dicom::Multiplicity private_multiplicity(std::string_view creator, core::dicom::Tag tag) {
  const auto* row =
      std::ranges::lower_bound(table::kSafePrivate, std::pair(creator, tag), {}, kSafePrivateKey);
  const bool is_listed =
      row != std::end(table::kSafePrivate) && kSafePrivateKey(*row) == std::pair(creator, tag);
  return is_listed ? row->vm : core::dicom::Multiplicity();
}

std::span<const ContentRow> content_rows() { return table::kContent; }

std::span<const std::string_view> descriptor_words_alone() { return table::kWordsAlone; }
std::span<const std::string_view> descriptor_words_beside() { return table::kWordsBeside; }
std::span<const std::string_view> descriptor_units() { return table::kUnits; }
std::span<const std::string_view> descriptor_turns() { return table::kTurns; }
std::span<const std::string_view> descriptor_sides() { return table::kSides; }
std::span<const std::string_view> descriptor_states() { return table::kStates; }

bool is_descriptor_entry(std::string_view word) {
  return std::ranges::binary_search(table::kWordsAlone, word) ||
         std::ranges::binary_search(table::kWordsBeside, word);
}

bool is_outlined_structure(std::string_view name) {
  return std::ranges::binary_search(table::kStructures, name);
}

bool is_standard_coding_scheme(std::string_view designator) {
  return std::ranges::binary_search(table::kCodingSchemes, designator);
}

bool is_well_known_uid(std::string_view uid) {
  return std::ranges::binary_search(table::kWellKnownUids, uid);
}

}  // namespace sekisho::anonymization
