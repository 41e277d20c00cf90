// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/listed_codes.h"

#include <algorithm>

#include "anonymization/code_terms.h"

namespace sekisho::anonymization {
namespace {

/// Hands each value of several to `take(position, text)`.
template <class Take>
void each_value(std::string_view values, Take take) {
  for (std::size_t position = 0;; ++position) {
    const auto end = std::min(values.find('\\'), values.size());
    take(position, values.substr(0, end));
    if (end == values.size()) return;
    values.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<std::string> without_unlisted_codes(core::dicom::Tag tag, core::ByteView value) {
  const std::string_view text = core::as_text(value);
  bool are_listed = true;
  each_value(text, [&](std::size_t position, std::string_view code) {
    are_listed = are_listed && is_listed_code(tag, position, code);
  });
  if (are_listed) return std::nullopt;
  std::string kept;
  each_value(text, [&](std::size_t position, std::string_view code) {
    if (position > 0) kept += '\\';
    if (is_listed_code(tag, position, code)) kept += code;
  });
  const bool is_empty = kept.find_first_not_of("\\ ") == std::string::npos;
  return is_empty ? std::string() : kept;
}

}  // namespace sekisho::anonymization
