// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/uid.h"

#include <algorithm>

namespace sekisho::core {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Unreserved characters of RFC 3986 §2.3, in a table: each instance that is masked names dozens.
constexpr auto kMayStandInPath = [] {
  std::array<bool, 256> may{};
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_~")) {
    may[static_cast<unsigned char>(c)] = true;
  }
  return may;
}();
bool may_stand_in_path(char c) { return kMayStandInPath[static_cast<unsigned char>(c)]; }

}  // namespace

std::optional<Uid> Uid::parse(std::string_view text) {
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  if (!std::ranges::all_of(text, may_stand_in_path)) return std::nullopt;
  // "." and ".." are no names of anything in a path (RFC 3986 §5.2.4).
  if (std::ranges::none_of(text, [](char c) { return c != '.'; })) return std::nullopt;
  Uid uid;
  text.copy(uid.text_.data(), text.size());
  uid.size_ = static_cast<std::uint8_t>(text.size());
  return uid;
}

bool Uid::is_standard() const {
  constexpr std::size_t kLongestStandard = 64;
  if (empty() || size_ > kLongestStandard) return false;
  bool after_dot = true;
  for (const char c : text()) {
    if (c == '.' ? after_dot : !is_digit(c)) return false;
    after_dot = c == '.';
  }
  return !after_dot;
}

}  // namespace sekisho::core
