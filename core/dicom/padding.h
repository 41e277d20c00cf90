// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string_view>

#include "core/bytes.h"

namespace sekisho::core::dicom {

/// Text without the padding that means nothing (PS3.5 §6.2): spaces and zeroes at its end.
inline std::string_view without_trailing_padding(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

/// The same, spaces at its beginning as well.
inline std::string_view without_padding(std::string_view text) {
  text = without_trailing_padding(text);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

}  // namespace sekisho::core::dicom
