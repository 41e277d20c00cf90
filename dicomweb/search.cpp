// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/search.h"

#include <algorithm>
#include <charconv>

#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"
#include "core/letter_case.h"
#include "core/utf8.h"

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

/// PS3.18 §8.3.4.4.
bool take_limit(Search& search, std::string_view value) {
  search.limit = parse_count(value);
  return search.limit.has_value();
}

bool take_offset(Search& search, std::string_view value) {
  const auto offset = parse_count(value);
  search.offset = offset.value_or(0);
  return offset.has_value();
}

/// Of the parameters that are "true" or "false".
template <class Choice>
bool take_choice(Choice& choice, Choice chosen, std::string_view value) {
  if (value == "true") choice = chosen;
  return value == "true" || value == "false";
}

bool take_fuzzy(Search& search, std::string_view value) {
  return take_choice(search.matching.names, Matching::Names::fuzzy, value);
}

bool take_empty_value(Search& search, std::string_view value) {
  return take_choice(search.matching.quotes, Matching::Quotes::empty, value);
}

bool take_multiple_value(Search& search, std::string_view value) {
  return take_choice(search.matching.lists, Matching::Lists::all_of, value);
}

/// A plus is a space that a form wrote so, behind a comma for instance.
bool is_space(char c) { return c == ' ' || c == '+'; }

std::string_view without_spaces(std::string_view name) {
  while (!name.empty() && is_space(name.front())) name.remove_prefix(1);
  while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
  return name;
}

/// PS3.18 §8.3.4.3. Elements of the list that are empty mean nothing (RFC 9110 §5.6.1).
bool take_include(Search& search, std::string_view value) {
  while (true) {
    const std::size_t comma = value.find(',');
    const std::string_view name = without_spaces(value.substr(0, comma));
    if (name == "all") {
      search.include_kind = Search::Include::all;
    } else if (!name.empty()) {
      const auto attribute = parse_attribute(name);
      if (!attribute) return false;
      search.include.push_back(attribute->path.front());
    }
    if (comma == std::string_view::npos) return true;
    value.remove_prefix(comma + 1);
  }
}

/// Read before the others; see readings_of().
bool take_nothing(Search&, std::string_view) { return true; }

/// Parameters that are no match keys (PS3.18 Table 8.3.4-1; `accept` is of §8.3.3.1).
constexpr struct {
  std::string_view name;
  bool (*take)(Search&, std::string_view);
} kParameters[] = {
    {"accept", take_nothing},      {"emptyvaluematching", take_empty_value},
    {"fuzzymatching", take_fuzzy}, {"includefield", take_include},
    {"limit", take_limit},         {"multiplevaluematching", take_multiple_value},
    {"offset", take_offset},
};

/// Whether a name that is no attribute's was meant for one. Parameters are written in small letters
/// and begin with no digit; keywords and tags are written otherwise. To ignore a key that was
/// misspelt would show what nobody asked for.
bool is_meant_for_attribute(std::string_view name) {
  if (name.empty()) return false;
  const char first = name.front();
  if ((first >= 'A' && first <= 'Z') || (first >= '0' && first <= '9')) return true;
  if (name.find('.') != std::string_view::npos) return true;
  return std::ranges::any_of(core::dicom::dictionary(), [&](const auto& entry) {
    return core::equal_but_for_case(entry.keyword, name);
  });
}

/// What says how the values of the others are to be read (PS3.4 §C.2.2.2: never matched itself).
struct Encoding {
  std::optional<core::dicom::CharacterSet> character_set;
};

constexpr char kEscape = '\x1B';

/// In a URL text is UTF-8. Who names another character set may have encoded it in
/// that: where the two differ, text matches by either.
std::vector<std::string> readings_of(const std::string& value, Vr vr, const Encoding& encoding) {
  const bool depends = encoding.character_set && core::dicom::is_text(vr) &&
                       core::dicom::depends_on_character_set(vr);
  const bool is_plain = std::ranges::all_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x80 && c != kEscape; });
  if (!depends || is_plain) return {value};
  std::vector<std::string> readings;
  if (core::is_utf8(value)) readings.push_back(value);
  readings.push_back(encoding.character_set->to_utf8(core::as_bytes(value), vr));
  return readings;
}

/// What the parameters that are attributes, and no keys, say of all keys.
bool take_preamble(Search& search, Encoding& encoding, Tag tag, std::string_view value) {
  if (tag == tags::kSpecificCharacterSet) {
    encoding.character_set.emplace(value);
    return true;
  }
  // A plus may have become a space where a form was filled in.
  std::string offset(core::dicom::without_trailing_padding(value));
  if (!offset.empty() && offset.front() == ' ') offset.front() = '+';
  search.matching.offset = parse_utc_offset(offset);
  return offset.empty() || search.matching.offset.has_value();
}

bool take_key(Search& search, const Attribute& attribute, const std::string& value,
              const Encoding& encoding) {
  const auto readings = readings_of(value, attribute.vr, encoding);
  for (Key& key : search.keys) {
    if (key.path() == attribute.path) return key.add(readings);
  }
  if (search.keys.size() == kMostKeys) return false;
  auto key = Key::make(attribute.path, attribute.vr, readings, search.matching);
  if (!key) return false;
  search.keys.push_back(std::move(*key));
  return true;
}

bool is_preamble(const Attribute& attribute) {
  return attribute.path.size() == 1 && (attribute.path.front() == tags::kSpecificCharacterSet ||
                                        attribute.path.front() == tags::kTimezoneOffsetFromUtc);
}

/// All that is no key; the keys, which are read by it, come after. False for what is refused.
bool take_parameters(Search& search, Encoding& encoding, const std::vector<Parameter>& parameters,
                     std::vector<std::pair<Attribute, std::string>>& keys) {
  for (const auto& [name, value] : parameters) {
    const auto* known =
        std::ranges::find(kParameters, name, [](const auto& row) { return row.name; });
    if (known != std::end(kParameters)) {
      if (!known->take(search, value)) return false;
      continue;
    }
    auto attribute = parse_attribute(name);
    if (!attribute) {
      if (is_meant_for_attribute(name)) return false;
      search.unknown = Search::Unknown::ignored;
    } else if (!is_preamble(*attribute)) {
      keys.emplace_back(*std::move(attribute), value);
    } else if (!take_preamble(search, encoding, attribute->path.front(), value)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Search> parse_search(const std::vector<Parameter>& parameters, Level level) {
  Search search;
  Encoding encoding;
  std::vector<std::pair<Attribute, std::string>> keys;
  if (!take_parameters(search, encoding, parameters, keys)) return std::nullopt;
  for (const auto& [attribute, value] : keys) {
    const Tag tag = attribute.path.front();
    if (level_of(tag) > level || !is_matched(tag)) return std::nullopt;
    if (!take_key(search, attribute, value, encoding)) return std::nullopt;
  }
  std::sort(search.include.begin(), search.include.end());
  search.include.erase(std::unique(search.include.begin(), search.include.end()),
                       search.include.end());
  return search;
}

}  // namespace sekisho::dicomweb
