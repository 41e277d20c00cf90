// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/paired_values.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dicom/padding.h"
#include "core/dicom/values.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;

/// Each without its padding.
std::vector<std::string_view> values_of(ByteView text) {
  std::vector<std::string_view> values;
  core::dicom::for_each_value(core::as_text(text), [&](std::string_view value) {
    values.push_back(core::dicom::without_padding(value));
  });
  return values;
}

/// As nearly all are.
bool is_whole(const OneOfPair& one) {
  return one.kept && one.kept->data() == one.given.data() && one.kept->size() == one.given.size();
}

/// Whether it was there when it was given, at each position, and is not any more.
std::vector<bool> lost_values(const OneOfPair& one) {
  const auto given = values_of(one.given);
  const auto kept = values_of(*one.kept);
  std::vector<bool> lost(given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    lost[i] = !given[i].empty() && (i >= kept.size() || kept[i].empty());
  }
  return lost;
}

}  // namespace

std::optional<ByteView> kept_beside(const OneOfPair& own, const OneOfPair& other,
                                    std::string& made) {
  if (own.given.empty() || other.given.empty()) return own.kept;
  if (is_whole(own) && is_whole(other)) return own.kept;
  if (!own.kept || !other.kept) return std::nullopt;
  std::vector<bool> lost = lost_values(own);
  const std::vector<bool> lost_of_other = lost_values(other);
  const auto values = values_of(*own.kept);
  if (lost.size() != lost_of_other.size() || lost.size() != values.size()) return own.kept;
  for (std::size_t i = 0; i < lost.size(); ++i) lost[i] = lost[i] || lost_of_other[i];
  if (std::ranges::find(lost, true) == lost.end()) return own.kept;
  if (std::ranges::find(lost, false) == lost.end()) return std::nullopt;
  std::string left;
  bool is_first = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (lost[i]) continue;
    if (!std::exchange(is_first, false)) left += '\\';
    left += values[i];
  }
  made = std::move(left);
  return core::as_bytes(made);
}

}  // namespace sekisho::anonymization
