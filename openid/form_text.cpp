// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/form_text.h"

#include "core/encoding.h"

namespace sekisho::openid {
std::string form_text(
    const std::vector<std::pair<std::string_view, std::string_view>>& names_and_values) {
  std::string text;
  for (const auto& [name, value] : names_and_values) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(core::percent_encoded(value));
  }
  return text;
}

}  // namespace sekisho::openid
