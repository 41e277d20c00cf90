// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/entity_tag.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "http/characters.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kWeak = "W/";  // case-sensitive

/// etagc (RFC 9110 §8.8.3).
constexpr bool is_etag_character(char c) { return c != '"' && (is_visible(c) || is_obsolete(c)); }

/// Takes one tag off the front of `rest`; `nullopt` where none stands there.
std::optional<EntityTag> take_tag(std::string_view& rest) {
  auto strength = EntityTag::Strength::strong;
  if (rest.starts_with(kWeak)) {
    strength = EntityTag::Strength::weak;
    rest.remove_prefix(kWeak.size());
  }
  if (!rest.starts_with('"')) return std::nullopt;
  rest.remove_prefix(1);
  const auto end = rest.find('"');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view opaque = rest.substr(0, end);
  if (!std::ranges::all_of(opaque, is_etag_character)) return std::nullopt;
  rest.remove_prefix(end + 1);
  return EntityTag(std::string(opaque), strength);
}

}  // namespace

EntityTag::EntityTag(std::string opaque, Strength strength)
    : opaque_(std::move(opaque)), strength_(strength) {
  if (!std::ranges::all_of(opaque_, is_etag_character)) {
    throw std::invalid_argument("an entity tag has a character that none may have");
  }
}

std::optional<EntityTag> EntityTag::parse(std::string_view text) {
  auto tag = take_tag(text);
  if (!text.empty()) return std::nullopt;
  return tag;
}

std::string EntityTag::text() const {
  return (strength_ == Strength::weak ? "W/\"" : "\"") + opaque_ + '"';
}

bool EntityTag::is_strongly(const EntityTag& other) const {
  return strength_ == Strength::strong && other.strength_ == Strength::strong && is_weakly(other);
}

bool lists(std::string_view if_none_match, const EntityTag& tag) {
  std::string_view rest = trimmed(if_none_match);
  if (rest == "*") return true;
  bool found = false;
  while (!rest.empty()) {
    // Empty elements are legal (RFC 9110 §5.6.1.2).
    if (rest.front() == ',') {
      rest = trimmed(rest.substr(1));
      continue;
    }
    const auto listed = take_tag(rest);
    rest = trimmed(rest);
    if (!listed || (!rest.empty() && rest.front() != ',')) return false;
    found = found || listed->is_weakly(tag);
  }
  return found;
}

}  // namespace sekisho::http
