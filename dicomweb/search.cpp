// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/search.h"

#include <algorithm>
#include <charconv>

#include "core/dicom/dictionary.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;
using Parameter = std::pair<std::string, std::string>;

/// Each is looked for in every row.
constexpr std::size_t kMostKeys = 64;

struct Attribute {
  std::vector<Tag> path;
  Vr vr = Vr::UN;
};

/// A keyword or eight hexadecimal digits (PS3.18 §10.6.1.2.1).
std::optional<Tag> parse_tag(std::string_view name) {
  if (const auto* entry = core::dicom::find_keyword(name)) return entry->tag;
  return Tag::parse_hex(name);
}

/// One of them, or several with dots between that lead into sequences.
std::optional<Attribute> parse_attribute(std::string_view name) {
  Attribute attribute;
  while (true) {
    const std::size_t dot = name.find('.');
    const auto tag = parse_tag(name.substr(0, dot));
    if (!tag || attribute.path.size() == core::dicom::kMaxDepth) return std::nullopt;
    attribute.path.push_back(*tag);
    attribute.vr = core::dicom::implicit_vr(*tag);
    if (dot == std::string_view::npos) return attribute;
    if (attribute.vr != Vr::SQ) return std::nullopt;
    name.remove_prefix(dot + 1);
  }
}

std::optional<std::size_t> parse_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return count;
}

bool take_limit(Search& search, std::string_view value) {
  search.limit = parse_count(value);
  return search.limit.has_value();
}

bool take_offset(Search& search, std::string_view value) {
  const auto offset = parse_count(value);
  search.offset = offset.value_or(0);
  return offset.has_value();
}

bool take_fuzzy(Search& search, std::string_view value) {
  if (value == "true") search.matching = Search::Matching::fuzzy_asked;
  return value == "true" || value == "false";
}

bool take_include(Search& search, std::string_view value) {
  while (true) {
    const std::size_t comma = value.find(',');
    const std::string_view name = value.substr(0, comma);
    if (name == "all") {
      search.include_kind = Search::Include::all;
    } else {
      const auto attribute = parse_attribute(name);
      if (!attribute) return false;
      search.include.push_back(attribute->path.front());
    }
    if (comma == std::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

bool take_accept(Search&, std::string_view) { return true; }

/// Parameters that are no match keys.
constexpr struct {
  std::string_view name;
  bool (*take)(Search&, std::string_view);
} kParameters[] = {
    {"accept", take_accept}, {"fuzzymatching", take_fuzzy}, {"includefield", take_include},
    {"limit", take_limit},   {"offset", take_offset},
};

bool take_key(Search& search, const Parameter& parameter, Level level) {
  auto attribute = parse_attribute(parameter.first);
  if (!attribute || level_of(attribute->path.front()) > level) return false;
  for (Key& key : search.keys) {
    if (key.path() == attribute->path) return key.add(parameter.second);
  }
  if (search.keys.size() == kMostKeys) return false;
  auto key = Key::make(std::move(attribute->path), attribute->vr, parameter.second);
  if (!key) return false;
  search.keys.push_back(std::move(*key));
  return true;
}

}  // namespace

std::optional<Search> parse_search(const std::vector<Parameter>& parameters, Level level) {
  Search search;
  for (const Parameter& parameter : parameters) {
    const auto known = std::find_if(std::begin(kParameters), std::end(kParameters),
                                    [&](const auto& row) { return row.name == parameter.first; });
    const bool sound = known != std::end(kParameters) ? known->take(search, parameter.second)
                                                      : take_key(search, parameter, level);
    if (!sound) return std::nullopt;
  }
  std::sort(search.include.begin(), search.include.end());
  search.include.erase(std::unique(search.include.begin(), search.include.end()),
                       search.include.end());
  return search;
}

}  // namespace sekisho::dicomweb
