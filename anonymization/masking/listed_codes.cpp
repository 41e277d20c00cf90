// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/listed_codes.h"

#include "anonymization/code_terms.h"
#include "core/dicom/values.h"

namespace sekisho::anonymization {
std::optional<std::string> without_unlisted_codes(core::dicom::Tag tag, core::ByteView value) {
  const std::string_view text = core::as_text(value);
  bool are_listed = true;
  std::size_t position = 0;
  core::dicom::for_each_value(text, [&](std::string_view code) {
    are_listed = are_listed && is_listed_code(tag, position++, code);
  });
  if (are_listed) return std::nullopt;
  std::string kept;
  position = 0;
  core::dicom::for_each_value(text, [&](std::string_view code) {
    if (position > 0) kept += '\\';
    if (is_listed_code(tag, position++, code)) kept += code;
  });
  const bool is_empty = kept.find_first_not_of("\\ ") == std::string::npos;
  return is_empty ? std::string() : kept;
}

}  // namespace sekisho::anonymization
