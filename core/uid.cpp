// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/uid.h"

namespace sekisho::core {

std::optional<Uid> Uid::parse(std::string_view text) {
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  bool after_dot = true;
  for (char c : text) {
    const bool is_dot = c == '.';
    if (is_dot ? after_dot : (c < '0' || c > '9')) return std::nullopt;
    after_dot = is_dot;
  }
  if (after_dot) return std::nullopt;
  Uid uid;
  text.copy(uid.text_.data(), text.size());
  uid.size_ = static_cast<std::uint8_t>(text.size());
  return uid;
}

}  // namespace sekisho::core
