// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core {

/// A DICOM unique identifier (PS3.5 §9): 1 to 64 characters, digits and dots, no empty component.
/// Leading zeros inside a component are accepted: archives hold such UIDs and they must stay equal
/// to themselves. A default Uid is empty and equals no parsed one.
class Uid {
 public:
  Uid() = default;
  /// Trailing NUL and space padding is dropped. `nullopt` for what is not a UID.
  static std::optional<Uid> parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend bool operator==(const Uid&, const Uid&) = default;
  friend std::strong_ordering operator<=>(const Uid&, const Uid&) = default;

 private:
  explicit Uid(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace sekisho::core

template <>
struct std::hash<sekisho::core::Uid> {
  std::size_t operator()(const sekisho::core::Uid& uid) const noexcept {
    return std::hash<std::string>{}(uid.text());
  }
};
