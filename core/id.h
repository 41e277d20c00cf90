// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/encoding.h"
#include "core/random.h"

namespace sekisho::core {

/// A random 128-bit identifier of one kind of thing, written as 32 lower-case hexadecimal digits.
/// Ids of different kinds do not compare. A default Id is empty and equals no parsed one.
template <class Kind>
class Id {
 public:
  Id() = default;
  static Id random() {
    std::array<Byte, 16> bytes{};
    fill_nonce(bytes);
    return Id(to_hex(bytes));
  }
  static std::optional<Id> parse(std::string_view text) {
    if (text.size() != 32) return std::nullopt;
    for (char c : text) {
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
    }
    return Id(std::string(text));
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend std::strong_ordering operator<=>(const Id&, const Id&) = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sekisho::core

template <class Kind>
struct std::hash<sekisho::core::Id<Kind>> {
  std::size_t operator()(const sekisho::core::Id<Kind>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
