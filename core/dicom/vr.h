// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sekisho::core::dicom {

/// Value representations of PS3.5 2026c Table 6.2-1, by their two letters.
enum class Vr : std::uint16_t {
  AE = 0x4145,
  AS = 0x4153,
  AT = 0x4154,
  CS = 0x4353,
  DA = 0x4441,
  DS = 0x4453,
  DT = 0x4454,
  FD = 0x4644,
  FL = 0x464C,
  IS = 0x4953,
  LO = 0x4C4F,
  LT = 0x4C54,
  OB = 0x4F42,
  OD = 0x4F44,
  OF = 0x4F46,
  OL = 0x4F4C,
  OV = 0x4F56,
  OW = 0x4F57,
  PN = 0x504E,
  SH = 0x5348,
  SL = 0x534C,
  SQ = 0x5351,
  SS = 0x5353,
  ST = 0x5354,
  SV = 0x5356,
  TM = 0x544D,
  UC = 0x5543,
  UI = 0x5549,
  UL = 0x554C,
  UN = 0x554E,
  UR = 0x5552,
  US = 0x5553,
  UT = 0x5554,
  UV = 0x5556,
};

namespace detail {

/// What is to be known of a VR; 0 for letters that are none.
using VrTraits = std::uint8_t;
inline constexpr VrTraits kIsVr = 1;
inline constexpr VrTraits kHasLongLength = 2;
inline constexpr VrTraits kIsText = 4;
inline constexpr VrTraits kDependsOnCharacterSet = 8;

inline constexpr std::size_t kLetters = 26;

/// By both letters: the walker and the masker ask several times per element.
extern const std::array<VrTraits, kLetters * kLetters> kTraits;

inline VrTraits traits_of(unsigned first, unsigned second) {
  first -= 'A';
  second -= 'A';
  return first < kLetters && second < kLetters ? kTraits[first * kLetters + second] : VrTraits{0};
}
inline VrTraits traits_of(Vr vr) {
  return traits_of(static_cast<unsigned>(vr) >> 8, static_cast<unsigned>(vr) & 0xFF);
}

}  // namespace detail

/// `nullopt` for letters that no edition defines.
inline std::optional<Vr> parse_vr(char first, char second) {
  const auto high = static_cast<unsigned char>(first);
  const auto low = static_cast<unsigned char>(second);
  if (detail::traits_of(high, low) == 0) return std::nullopt;
  return static_cast<Vr>(high << 8 | low);
}
std::string_view name(Vr vr);
/// Explicit VR with a 32-bit length field after two reserved bytes (PS3.5 §7.1.2).
inline bool has_long_length(Vr vr) { return (detail::traits_of(vr) & detail::kHasLongLength) != 0; }
/// Text whose bytes depend on Specific Character Set (PS3.5 §6.1.2.2): LO LT PN SH ST UC UT.
inline bool depends_on_character_set(Vr vr) {
  return (detail::traits_of(vr) & detail::kDependsOnCharacterSet) != 0;
}
/// Character strings of any kind, UI included.
inline bool is_text(Vr vr) { return (detail::traits_of(vr) & detail::kIsText) != 0; }

}  // namespace sekisho::core::dicom
