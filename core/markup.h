// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace sekisho::core {

/// How a character is written that means something in XML 1.0 and HTML, between tags and between
/// quotes of either kind; empty for all others.
constexpr std::string_view markup_reference(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

/// Appends it so, or as it is: which characters there may be at all, each format says itself.
inline void append_markup(std::string& out, char character) {
  const std::string_view reference = markup_reference(character);
  if (reference.empty()) {
    out += character;
  } else {
    out += reference;
  }
}

}  // namespace sekisho::core
