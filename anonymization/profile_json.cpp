// SPDX-License-Identifier: GPL-3.0-or-later
// The stored form of a profile:
//
//     {"Format": 1, "Name": "none"}
//     {"Format": 1, "Name": …, "IdentityRemoved": bool, "Method": […], "MethodCodes": […],
//      "TemporalInformation": …, "Rules": {"keep": "0008:0005 0016,0018:0010-0015 0022", …}}
//
// Rules are grouped by action; an action's tags by group: "gggg:" and its elements, separated by
// spaces, groups by commas; first-last is every element number from first to last.
#include <json/json.h>

#include <array>
#include <charconv>
#include <cstdio>

#include "anonymization/json_object.h"
#include "anonymization/profile.h"
#include "anonymization/profile_maker.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr int kFormat = 1;
constexpr Action kStored[] = {Action::keep,         Action::empty,     Action::dummy,
                              Action::pseudonymise, Action::remap_uid, Action::drop_phonetic};

std::string hex4(std::uint16_t number) {
  std::array<char, 5> text{};
  std::snprintf(text.data(), text.size(), "%04X", static_cast<unsigned>(number));
  return text.data();
}

std::optional<std::uint16_t> parse_hex4(std::string_view text) {
  std::uint16_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, 16);
  if (text.size() != 4 || error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

/// `rules` are sorted.
std::string write_tags(const std::vector<Rule>& rules, Action action) {
  std::vector<std::uint32_t> tags;
  for (const Rule& rule : rules) {
    if (rule.action == action) tags.push_back(rule.tag.value);
  }
  std::string text;
  std::optional<std::uint16_t> group;
  for (std::size_t i = 0; i < tags.size();) {
    std::size_t last = i;
    while (last + 1 < tags.size() && tags[last + 1] == tags[last] + 1 &&
           (tags[last + 1] >> 16) == (tags[i] >> 16)) {
      ++last;
    }
    const Tag tag{tags[i]};
    if (group == tag.group()) {
      text += ' ';
    } else {
      text.append(group ? "," : "").append(hex4(tag.group())) += ':';
      group = tag.group();
    }
    text += hex4(tag.element());
    if (last > i) text.append("-").append(hex4(Tag{tags[last]}.element()));
    i = last + 1;
  }
  return text;
}

/// Takes the text up to `separator` off the front of `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

bool read_elements(std::string_view text, std::uint16_t group, Action action,
                   std::vector<Rule>& rules) {
  while (!text.empty()) {
    std::string_view range = take_until(text, ' ');
    const auto first = parse_hex4(take_until(range, '-'));
    const auto last = range.empty() ? first : parse_hex4(range);
    if (!first || !last || *last < *first) return false;
    for (std::uint32_t element = *first; element <= *last; ++element) {
      rules.push_back({Tag{group, static_cast<std::uint16_t>(element)}, action});
    }
  }
  return true;
}

bool read_tags(std::string_view text, Action action, std::vector<Rule>& rules) {
  while (!text.empty()) {
    std::string_view elements = take_until(text, ',');
    const auto group = parse_hex4(take_until(elements, ':'));
    if (!group || elements.empty() || !read_elements(elements, *group, action, rules)) return false;
  }
  return true;
}

Json::Value to_array(const std::vector<std::string>& texts) {
  Json::Value array(Json::arrayValue);
  for (const std::string& text : texts) array.append(text);
  return array;
}

std::optional<std::vector<std::string>> texts_of(const Json::Value& array) {
  if (!array.isArray()) return std::nullopt;
  std::vector<std::string> texts;
  for (const Json::Value& text : array) {
    if (!text.isString()) return std::nullopt;
    texts.push_back(text.asString());
  }
  return texts;
}

std::optional<std::vector<Rule>> read_rules(const Json::Value& by_action) {
  if (!by_action.isObject()) return std::nullopt;
  std::vector<Rule> rules;
  std::size_t known = 0;
  for (Action action : kStored) {
    const std::string key(name(action));
    if (!by_action.isMember(key)) continue;
    ++known;
    if (!by_action[key].isString()) return std::nullopt;
    if (!read_tags(by_action[key].asString(), action, rules)) return std::nullopt;
  }
  if (known != by_action.size()) return std::nullopt;
  return rules;
}

std::optional<Profile> read_masking_profile(const Json::Value& root) {
  constexpr std::size_t kMembers = 7;
  const Json::Value& identity_removed = root["IdentityRemoved"];
  const Json::Value& temporal = root["TemporalInformation"];
  auto method = texts_of(root["Method"]);
  auto codes = texts_of(root["MethodCodes"]);
  auto rules = read_rules(root["Rules"]);
  if (root.size() != kMembers || !identity_removed.isBool() || !temporal.isString() || !method ||
      !codes || !rules) {
    return std::nullopt;
  }
  Statement statement{identity_removed.asBool(), std::move(*method), std::move(*codes),
                      temporal.asString()};
  return ProfileMaker::make(root["Name"].asString(), std::move(statement), std::move(*rules));
}

}  // namespace

std::string Profile::to_json() const {
  Json::Value root(Json::objectValue);
  root["Format"] = kFormat;
  root["Name"] = name_;
  if (!identity_) {
    root["IdentityRemoved"] = statement_.identity_removed;
    root["Method"] = to_array(statement_.method);
    root["MethodCodes"] = to_array(statement_.method_codes);
    root["TemporalInformation"] = statement_.temporal_information;
    Json::Value by_action(Json::objectValue);
    for (Action action : kStored) {
      const std::string tags = write_tags(rules_, action);
      if (!tags.empty()) by_action[std::string(anonymization::name(action))] = tags;
    }
    root["Rules"] = by_action;
  }
  Json::StreamWriterBuilder writer;
  writer["indentation"] = "";
  return Json::writeString(writer, root);
}

std::optional<Profile> Profile::from_json(std::string_view json) {
  const auto root = parse_object(json);
  if (!root || !(*root)["Format"].isInt() || (*root)["Format"].asInt() != kFormat ||
      !(*root)["Name"].isString()) {
    return std::nullopt;
  }
  const Profile identity = none();
  if ((*root)["Name"].asString() != identity.name_) return read_masking_profile(*root);
  return root->size() == 2 ? std::optional(identity) : std::nullopt;
}

}  // namespace sekisho::anonymization
