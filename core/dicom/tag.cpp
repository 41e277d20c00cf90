// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/tag.h"

#include <charconv>

namespace sekisho::core::dicom {

std::string Tag::hex() const {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text(8, '0');
  for (unsigned i = 0; i < 8; ++i) text[i] = kDigits[(value >> (28 - 4 * i)) & 0xF];
  return text;
}

std::optional<Tag> Tag::parse_hex(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Tag{value};
}

}  // namespace sekisho::core::dicom
