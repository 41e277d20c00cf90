// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core {

/// What names an object: a DICOM unique identifier (PS3.5 §9), or what archives hold in its place,
/// which must stay equal to itself: 1 to 71 characters that need no escape in a path (RFC 3986
/// §2.3). A default Uid is empty and equals no parsed one. Held in place: every instance that is
/// masked names a dozen.
class Uid {
 public:
  Uid() = default;
  /// Trailing NUL and space padding is dropped. `nullopt` for what names nothing.
  static std::optional<Uid> parse(std::string_view text);
  /// Whether it has the standard's form: 1 to 64 characters, digits and dots, no empty component.
  /// Leading zeros inside a component pass. Any other may have been typed, and names somebody.
  bool is_standard() const;

  std::string_view text() const { return {text_.data(), size_}; }
  std::string str() const { return std::string(text()); }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const Uid& a, const Uid& b) { return a.text() == b.text(); }
  friend std::strong_ordering operator<=>(const Uid& a, const Uid& b) {
    return a.text() <=> b.text();
  }

 private:
  /// A few more than the standard has, for no more memory: what follows a Uid begins at 72.
  static constexpr std::size_t kLongest = 71;
  std::array<char, kLongest> text_{};  ///< the first size_ of them
  std::uint8_t size_ = 0;
};

}  // namespace sekisho::core

template <>
struct std::hash<sekisho::core::Uid> {
  std::size_t operator()(const sekisho::core::Uid& uid) const noexcept {
    return std::hash<std::string_view>{}(uid.text());
  }
};
