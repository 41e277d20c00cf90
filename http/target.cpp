// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/target.h"

#include <algorithm>

namespace sekisho::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// '+' stays '+' (RFC 3986 §2.2): media types and time zones contain it.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    decoded.push_back(c);
  }
  return decoded;
}

/// Calls `take` with each piece between `separator`s until it says no.
template <class Take>
bool for_each_piece(std::string_view text, char separator, Take take) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!take(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

/// A ".." that some later reader could still see, behind an escaped slash for instance.
bool climbs(std::string_view segment) {
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  while (true) {
    const auto slash = std::find_if(segment.begin(), segment.end(), is_slash);
    const auto size = static_cast<std::size_t>(slash - segment.begin());
    if (segment.substr(0, size) == "..") return true;
    if (slash == segment.end()) return false;
    segment.remove_prefix(size + 1);
  }
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  const std::size_t mark = target.find('?');
  Target parsed;
  const bool path_is_sound =
      for_each_piece(target.substr(0, mark), '/', [&](std::string_view piece) {
        auto segment = percent_decode(piece);
        if (!segment || climbs(*segment)) return false;
        if (!segment->empty() && *segment != ".") parsed.path.push_back(std::move(*segment));
        return true;
      });
  if (!path_is_sound) return std::nullopt;
  if (mark == std::string_view::npos) return parsed;

  const bool query_is_sound =
      for_each_piece(target.substr(mark + 1), '&', [&](std::string_view piece) {
        if (piece.empty()) return true;
        const std::size_t equals = piece.find('=');
        auto name = percent_decode(piece.substr(0, equals));
        auto value = percent_decode(equals == std::string_view::npos ? std::string_view{}
                                                                     : piece.substr(equals + 1));
        if (!name || !value) return false;
        parsed.query.emplace_back(std::move(*name), std::move(*value));
        return true;
      });
  if (!query_is_sound) return std::nullopt;
  return parsed;
}

}  // namespace sekisho::http
