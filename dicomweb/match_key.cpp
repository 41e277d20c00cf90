// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "dicomweb/search.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;
using core::dicom::Vr;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return core::dicom::without_trailing_padding(text);
}

/// Person names are compared without regard to case; ^ that stand for empty components count not.
std::string fold_name(std::string_view name) {
  name = trim(name);
  while (!name.empty() && (name.back() == '^' || name.back() == ' ')) name.remove_suffix(1);
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

bool matches_name(const Wildcard& pattern, std::string_view name) {
  if (pattern.matches(fold_name(name))) return true;
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    const std::string group = fold_name(rest.substr(0, equals));
    if (!group.empty() && pattern.matches(group)) return true;
    if (equals == std::string_view::npos) break;
    rest.remove_prefix(equals + 1);
  }
  return false;
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || !std::isfinite(number)) return std::nullopt;
  return number;
}

/// How many digits a complete value has: enough to compare any two as text.
std::size_t complete_digits(Vr vr) { return vr == Vr::DA ? 8 : vr == Vr::TM ? 12 : 20; }

/// A date or time as digits alone, as far as it is given: 2024.01.31 (the old spelling) and
/// 12:30 lose their marks, a time its decimal point, a DT its offset from UTC. `nullopt` for
/// what is none.
std::optional<std::string> moment_digits(std::string_view text, Vr vr) {
  text = trim(text);
  if (vr == Vr::DT) {
    const std::size_t sign = text.find_first_of("+-");
    text = text.substr(0, sign);
  }
  std::string digits;
  for (const char c : text) {
    if (is_digit(c)) {
      digits.push_back(c);
    } else if (c != (vr == Vr::DA ? '.' : ':') && (vr == Vr::DA || c != '.')) {
      return std::nullopt;
    }
  }
  const bool fits = vr == Vr::DA ? digits.size() == 8 : digits.size() <= complete_digits(vr);
  if (digits.empty() || !fits) return std::nullopt;
  return digits;
}

std::string pad(std::string digits, Vr vr, char with) {
  digits.resize(complete_digits(vr), with);
  return digits;
}

/// Where the hyphen of a range is; npos: no range. In a DT a hyphen may also begin an offset from
/// UTC of at most twelve hours (PS3.4 §C.2.2.2.5.4).
std::size_t find_range_hyphen(std::string_view text, Vr vr) {
  std::size_t hyphen = text.find('-');
  if (vr != Vr::DT) return hyphen;
  for (; hyphen != std::string_view::npos; hyphen = text.find('-', hyphen + 1)) {
    const std::string_view after = text.substr(hyphen + 1);
    const auto end = std::find_if_not(after.begin(), after.end(), is_digit);
    const bool four = end - after.begin() == 4 && (end == after.end() || *end == '-');
    if (hyphen == 0 || !four || after.substr(0, 4) > "1200") return hyphen;
  }
  return hyphen;
}

/// Lower and upper bound, both complete; `nullopt` for what is no date, time or range of them. A
/// bound that is less precise than it could be spans all that it leaves open.
std::optional<std::vector<std::string>> parse_moments(std::string_view text, Vr vr) {
  text = trim(text);
  const std::size_t hyphen = find_range_hyphen(text, vr);
  const bool is_range = hyphen != std::string_view::npos;
  const std::string_view first = text.substr(0, hyphen);
  const std::string_view last = is_range ? text.substr(hyphen + 1) : text;
  if (first.empty() && last.empty()) return std::nullopt;
  std::vector<std::string> bounds = {pad("", vr, '0'), pad("", vr, '9')};
  if (!first.empty()) {
    auto digits = moment_digits(first, vr);
    if (!digits) return std::nullopt;
    bounds[0] = pad(std::move(*digits), vr, '0');
  }
  if (!last.empty()) {
    auto digits = moment_digits(last, vr);
    if (!digits) return std::nullopt;
    bounds[1] = pad(std::move(*digits), vr, '9');
  }
  return bounds;
}

/// `nullopt` for VRs that have no match but the universal one.
std::optional<Comparison> comparison_of(Vr vr) {
  switch (vr) {
    case Vr::UI:
    case Vr::AT:
      return Comparison::list;
    case Vr::PN:
      return Comparison::person_name;
    case Vr::DA:
    case Vr::TM:
    case Vr::DT:
      return Comparison::range;
    case Vr::DS:
    case Vr::IS:
      return Comparison::number;
    default:
      break;
  }
  if (core::dicom::is_text(vr)) return Comparison::wildcard;
  if (number_size(vr) != 0) return Comparison::number;
  return std::nullopt;
}

/// Codes and UIDs contain neither comma nor backslash: both separate the members of a list.
bool is_list(Vr vr) { return vr == Vr::UI || vr == Vr::CS || vr == Vr::AT; }

std::vector<std::string_view> members_of(std::string_view list) {
  std::vector<std::string_view> members;
  while (true) {
    const std::size_t end = list.find_first_of(",\\");
    const std::string_view member = trim(list.substr(0, end));
    if (!member.empty()) members.push_back(member);
    if (end == std::string_view::npos) return members;
    list.remove_prefix(end + 1);
  }
}

/// Each pattern is looked for in each text. LT, the longest text of a known length, has ten times
/// as many characters; nobody asks for them all.
constexpr std::size_t kMostPatternBytes = 1024;
constexpr std::size_t kMostPatterns = 64;

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

double binary_number(Vr vr, core::ByteView value, core::dicom::ByteOrder order) {
  switch (vr) {
    case Vr::US:
      return read_u16(value, order);
    case Vr::SS:
      return static_cast<std::int16_t>(read_u16(value, order));
    case Vr::UL:
      return read_u32(value, order);
    case Vr::SL:
      return static_cast<std::int32_t>(read_u32(value, order));
    case Vr::FL:
      return std::bit_cast<float>(read_u32(value, order));
    case Vr::FD:
      return std::bit_cast<double>(read_u64(value, order));
    case Vr::UV:
      return static_cast<double>(read_u64(value, order));
    default:
      return static_cast<double>(static_cast<std::int64_t>(read_u64(value, order)));
  }
}

}  // namespace

std::optional<Key> Key::make(std::vector<Tag> path, Vr vr, std::string_view value) {
  Key key;
  key.path_ = std::move(path);
  key.vr_ = vr;
  // A lone * is how some clients spell "any" whatever the VR.
  if (trim(value).empty() || value == "*") return key;
  const auto comparison = comparison_of(vr);
  if (!comparison) return std::nullopt;
  key.comparison_ = *comparison;
  switch (*comparison) {
    case Comparison::range: {
      auto bounds = parse_moments(value, vr);
      if (!bounds) return std::nullopt;
      key.wanted_ = std::move(*bounds);
      break;
    }
    case Comparison::number:
      if (!parse_number(value)) return std::nullopt;
      key.wanted_.emplace_back(trim(value));
      break;
    case Comparison::person_name:
      if (!key.add_pattern(fold_name(value))) return std::nullopt;
      break;
    case Comparison::wildcard:
      if (!is_list(vr)) {
        if (!key.add_pattern(trim(value))) return std::nullopt;
        break;
      }
      [[fallthrough]];
    default:
      if (!key.add(value)) return std::nullopt;
  }
  return key;
}

bool Key::add(std::string_view value) {
  if (!is_list(vr_) || is_universal()) return false;
  for (const std::string_view member : members_of(value)) {
    if (comparison_ == Comparison::wildcard) {
      if (!add_pattern(member)) return false;
    } else {
      wanted_.insert(std::ranges::upper_bound(wanted_, member), std::string(member));
    }
  }
  return true;
}

bool Key::add_pattern(std::string_view pattern) {
  if (pattern.size() > kMostPatternBytes || patterns_.size() == kMostPatterns) return false;
  patterns_.emplace_back(pattern);
  return true;
}

bool Key::matches_text(std::string_view text) const {
  if (is_universal()) return true;
  if (!is_multi_valued_text(vr_)) return matches_value(trim(text));
  bool found = false;
  core::dicom::for_each_value(text,
                              [&](std::string_view value) { found |= matches_value(trim(value)); });
  return found;
}

bool Key::matches_value(std::string_view value) const {
  if (value.empty()) return false;
  switch (comparison_) {
    case Comparison::universal:
      return true;
    case Comparison::list:
      return std::ranges::binary_search(wanted_, value);
    case Comparison::wildcard:
      return std::ranges::any_of(patterns_,
                                 [&](const Wildcard& pattern) { return pattern.matches(value); });
    case Comparison::person_name:
      return matches_name(patterns_.front(), value);
    case Comparison::number:
      return parse_number(value) == parse_number(wanted_.front());
    case Comparison::range: {
      auto digits = moment_digits(value, vr_);
      if (!digits) return false;
      const std::string moment = pad(std::move(*digits), vr_, '0');
      return wanted_[0] <= moment && moment <= wanted_[1];
    }
  }
  return false;
}

bool Key::matches_element(const Token& token, TextReader& reader) const {
  const std::size_t size = number_size(token.vr);
  if (size == 0) {
    std::string scratch;
    return core::dicom::is_text(token.vr) && matches_text(reader.text(token, scratch));
  }
  for (std::size_t at = 0; at + size <= token.value.size(); at += size) {
    const core::ByteView value = token.value.subspan(at, size);
    if (token.vr == Vr::AT) {
      const Tag tag(read_u16(value.first(2), token.order), read_u16(value.subspan(2), token.order));
      const auto equal = [&](const std::string& wanted) { return upper(wanted) == tag.hex(); };
      if (std::any_of(wanted_.begin(), wanted_.end(), equal)) return true;
    } else if (comparison_ == Comparison::number &&
               binary_number(token.vr, value, token.order) == parse_number(wanted_.front())) {
      return true;
    }
  }
  return false;
}

bool Key::matches(const Dataset& dataset) const {
  if (is_universal()) return true;
  TextReader reader;
  std::size_t on_path = 0;  // sequences entered that lead towards the attribute
  bool found = false;
  for_each_token(dataset, [&](const Token& token) {
    const auto depth = static_cast<std::size_t>(reader.depth());
    reader.see(token);
    if (token.kind == Token::Kind::sequence_begin) {
      if (on_path == depth && depth + 1 < path_.size() && token.tag == path_[depth]) ++on_path;
    } else if (token.kind == Token::Kind::sequence_end) {
      on_path = std::min(on_path, depth - 1);
    } else if (token.kind == Token::Kind::element && on_path == depth &&
               depth + 1 == path_.size() && token.tag == path_.back()) {
      found |= matches_element(token, reader);
    }
  });
  return found;
}

}  // namespace sekisho::dicomweb
