// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core::dicom {

/// A data element tag (PS3.5 §7.1): group in the high 16 bits.
struct Tag {
  std::uint32_t value = 0;

  constexpr Tag() = default;
  constexpr explicit Tag(std::uint32_t v) : value(v) {}
  constexpr Tag(std::uint16_t group, std::uint16_t element)
      : value((static_cast<std::uint32_t>(group) << 16) | element) {}

  constexpr std::uint16_t group() const { return static_cast<std::uint16_t>(value >> 16); }
  constexpr std::uint16_t element() const { return static_cast<std::uint16_t>(value & 0xFFFF); }
  constexpr bool is_private() const { return (group() & 1) != 0; }
  friend constexpr auto operator<=>(Tag, Tag) = default;

  /// Eight upper-case hexadecimal digits, as in DICOM JSON: "00100010".
  std::string hex() const;
  /// Eight hexadecimal digits in either case.
  static std::optional<Tag> parse_hex(std::string_view text);
};

inline constexpr Tag kItem{0xFFFE, 0xE000};
inline constexpr Tag kItemDelimitation{0xFFFE, 0xE00D};
inline constexpr Tag kSequenceDelimitation{0xFFFE, 0xE0DD};
inline constexpr Tag kPixelData{0x7FE0, 0x0010};

}  // namespace sekisho::core::dicom
