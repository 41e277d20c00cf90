// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>

#include "core/dicom/dictionary.h"
#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "core/letter_case.h"
#include "dicomweb/search.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;
using core::dicom::Vr;

std::string_view trim(std::string_view text) { return core::dicom::without_padding(text); }

/// Person names are compared without regard to case; ^ that stand for empty components count not.
std::string fold_name(std::string_view name) {
  name = trim(name);
  while (!name.empty() && (name.back() == '^' || name.back() == ' ')) name.remove_suffix(1);
  return core::in_lower_case(name);
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

/// Each pattern is looked for in each text. LT, the longest text of a known length, has ten times
/// as many characters; nobody asks for them all.
constexpr std::size_t kMostPatternBytes = 1024;
constexpr std::size_t kMostPatterns = 64;

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

/// In values that have no plus it can only be a space that a form wrote so (docs/dicomweb.md).
std::string without_plus(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return spaced;
}

constexpr std::string_view kTwoQuotes = "\"\"";

/// PS3.4 §C.2.2.2.8: the VRs of which several values may be asked for together.
bool may_be_several(Vr vr) {
  constexpr Vr kSeveral[] = {Vr::AE, Vr::AS, Vr::AT, Vr::CS, Vr::LO, Vr::PN, Vr::SH, Vr::UC};
  return std::ranges::find(kSeveral, vr) != std::end(kSeveral);
}

std::vector<std::string> split(std::string_view list, std::string_view separators) {
  std::vector<std::string> members;
  while (true) {
    const std::size_t end = list.find_first_of(separators);
    const std::string_view member = trim(list.substr(0, end));
    if (!member.empty()) members.emplace_back(member);
    if (end == std::string_view::npos) return members;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

std::optional<Key> Key::make(std::vector<Tag> path, Vr vr, std::span<const std::string> readings,
                             const Matching& matching) {
  Key key;
  key.path_ = std::move(path);
  key.vr_ = vr;
  key.names_ = matching.names;
  const std::string_view value = readings.front();
  // A lone * is how some clients spell "any" whatever the VR.
  if (trim(value).empty() || value == "*") return key;
  if (matching.quotes == Matching::Quotes::empty && trim(value) == kTwoQuotes) {
    key.comparison_ = Comparison::empty;
    return key;
  }
  const auto comparison = comparison_of(vr);
  if (!comparison) return std::nullopt;
  key.comparison_ = *comparison;
  if (key.is_list_of_all(matching)) {
    if (!key.add_parts(readings)) return std::nullopt;
    return key;
  }
  for (const std::string& reading : readings) {
    if (!key.add_value(reading)) return std::nullopt;
  }
  return key;
}

bool Key::add_value(std::string_view value) {
  switch (comparison_) {
    case Comparison::range:
      // A DT may have a plus, before its offset from UTC.
      range_ = MomentRange::parse(vr_ == Vr::DT ? std::string(value) : without_plus(value), vr_);
      return range_.has_value();
    case Comparison::number:
      wanted_ = {std::string(trim(value))};
      return parse_number(value).has_value();
    case Comparison::person_name:
      return add_name(value);
    case Comparison::wildcard:
      return is_list(vr_) ? add_members(value) : add_pattern(value);
    default:
      return add_members(value);
  }
}

/// Whether what is asked for are several values, each of which has to be there.
bool Key::is_list_of_all(const Matching& matching) const {
  const auto* entry = core::dicom::find(path_.back());
  return matching.lists == Matching::Lists::all_of && may_be_several(vr_) && entry != nullptr &&
         entry->vm.allows(2);
}

bool Key::add_parts(std::span<const std::string> readings) {
  const std::string_view separators = is_list(vr_) ? ",\\" : "\\";
  const auto members = split(readings.front(), separators);
  for (std::size_t at = 0; at < members.size(); ++at) {
    std::vector<std::string> same = {members[at]};
    for (const std::string& other : readings.subspan(1)) {
      auto others = split(other, separators);
      if (others.size() == members.size()) same.push_back(std::move(others[at]));
    }
    auto part = Key::make(path_, vr_, same, {.names = names_});
    if (!part || parts_.size() == kMostPatterns) return false;
    parts_.push_back(std::move(*part));
  }
  return !parts_.empty();
}

bool Key::add(std::span<const std::string> readings) {
  if (is_universal() || is_for_empty()) return false;
  if (!parts_.empty()) return add_parts(readings);
  if (!is_list(vr_)) return false;
  return std::ranges::all_of(readings,
                             [this](const std::string& reading) { return add_members(reading); });
}

bool Key::add_members(std::string_view list) {
  // UIDs and tags have no plus; codes have none either, but archives hold some.
  const std::string members =
      comparison_ == Comparison::list ? without_plus(list) : std::string(list);
  for (const std::string& member : split(members, ",\\")) {
    if (comparison_ == Comparison::wildcard) {
      if (!add_pattern(member)) return false;
    } else {
      wanted_.insert(std::ranges::upper_bound(wanted_, member), member);
    }
  }
  return true;
}

bool Key::add_name(std::string_view name) {
  if (names_ == Matching::Names::fuzzy) fuzzy_.emplace_back(name);
  return add_pattern(fold_name(name));
}

/// Spaces around a value mean nothing, and so does a plus there that is one.
bool Key::add_pattern(std::string_view pattern) {
  pattern = trim(pattern);
  if (pattern.size() > kMostPatternBytes || patterns_.size() >= kMostPatterns) return false;
  patterns_.emplace_back(pattern, Wildcard::Plus::or_space);
  const std::size_t begin = pattern.find_first_not_of("+ ");
  const std::size_t end = pattern.find_last_not_of("+ ");
  if (begin == std::string_view::npos || end - begin + 1 == pattern.size()) return true;
  patterns_.emplace_back(pattern.substr(begin, end - begin + 1), Wildcard::Plus::or_space);
  return true;
}

bool Key::matches_text(std::string_view text) const {
  if (is_universal()) return true;
  if (!parts_.empty()) {
    return std::ranges::all_of(parts_, [&](const Key& part) { return part.matches_text(text); });
  }
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
    case Comparison::empty:
      return false;
    case Comparison::list:
      return std::ranges::binary_search(wanted_, value);
    case Comparison::wildcard:
      return std::ranges::any_of(patterns_,
                                 [&](const Wildcard& pattern) { return pattern.matches(value); });
    case Comparison::person_name:
      return std::ranges::any_of(patterns_,
                                 [&](const Wildcard& each) { return matches_name(each, value); }) ||
             std::ranges::any_of(fuzzy_,
                                 [&](const FuzzyName& each) { return each.matches(value); });
    case Comparison::number:
      return parse_number(value) == parse_number(wanted_.front());
    case Comparison::range: {
      const auto moment = Moment::read(value, vr_);
      return moment && range_->contains(*moment);
    }
  }
  return false;
}

bool Key::matches_number(core::ByteView value, const Token& token) const {
  if (token.vr != Vr::AT) {
    return comparison_ == Comparison::number &&
           binary_number(token.vr, value, token.order) == parse_number(wanted_.front());
  }
  const Tag tag(read_u16(value.first(2), token.order), read_u16(value.subspan(2), token.order));
  return std::ranges::any_of(
      wanted_, [&](const std::string& wanted) { return core::in_capitals(wanted) == tag.hex(); });
}

bool Key::matches_element(const Token& token, TextReader& reader) const {
  if (!parts_.empty()) {
    return std::ranges::all_of(
        parts_, [&](const Key& part) { return part.matches_element(token, reader); });
  }
  const std::size_t size = number_size(token.vr);
  if (size == 0) {
    std::string scratch;
    return core::dicom::is_text(token.vr) && matches_text(reader.text(token, scratch));
  }
  for (std::size_t at = 0; at + size <= token.value.size(); at += size) {
    if (matches_number(token.value.subspan(at, size), token)) return true;
  }
  return false;
}

}  // namespace sekisho::dicomweb
