// SPDX-License-Identifier: GPL-3.0-or-later
// The stored form of a profile:
//
//     {"Format": 2, "Name": "none"}
//     {"Format": 2, "Name": …, "IdentityRemoved": bool, "Method": […], "MethodCodes": […],
//      "TemporalInformation": …, "Rules": {"keep": "0008:0005 0016,0018:0010-0015 0022", …}}
//
// and, where there are any:
//
//      "Replacements": {"00081030": "CHEST", …}
//      "Private": {creator: {"keep": "0019:23DS 24DS,0043:27SH", …}, …}
//      "Content": {"keep": {"DCM": {"TEXT": "113877 121013", …}, "*": {"NUM": "*"}}, …}
//      "Modalities": ["CT", …]
//      "CleansPixels": true
//
// Rules are grouped by action; an action's tags by group: "gggg:" and its elements, separated by
// spaces, groups by commas; first-last is every element number from first to last. Private elements
// are their last two digits and their VR. Code values are separated by spaces.
#include <json/json.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>

#include "anonymization/json_object.h"
#include "anonymization/profiles/profile.h"
#include "anonymization/profiles/profile_maker.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr int kFormat = 2;

/// `digits` upper-case hexadecimal digits.
std::string hex(std::uint32_t number, int digits) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%0*X", digits, static_cast<unsigned>(number));
  return text.data();
}

std::optional<std::uint16_t> parse_hex(std::string_view text, std::size_t digits) {
  std::uint16_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, 16);
  if (text.size() != digits || error != std::errc{} || rest != end) return std::nullopt;
  return number;
}
std::optional<std::uint16_t> parse_hex4(std::string_view text) { return parse_hex(text, 4); }

/// Appends to a list of tags by group: "gggg:…" where the group is a new one.
void append_in_group(std::string& text, std::optional<std::uint16_t>& group, Tag tag,
                     std::string_view element) {
  if (group == tag.group()) {
    text += ' ';
  } else {
    text.append(group ? "," : "").append(hex(tag.group(), 4)) += ':';
    group = tag.group();
  }
  text += element;
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
    std::string elements = hex(tag.element(), 4);
    if (last > i) elements.append("-").append(hex(Tag{tags[last]}.element(), 4));
    append_in_group(text, group, tag, elements);
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

/// Hands each "gggg:…" of a list to `read(elements, group)`.
template <class Read>
bool read_groups(std::string_view text, Read read) {
  while (!text.empty()) {
    std::string_view elements = take_until(text, ',');
    const auto group = parse_hex4(take_until(elements, ':'));
    if (!group || elements.empty() || !read(elements, *group)) return false;
  }
  return true;
}

bool read_private_elements(std::string_view text, std::uint16_t group, const PrivateRule& like,
                           std::vector<PrivateRule>& rules) {
  while (!text.empty()) {
    const std::string_view element = take_until(text, ' ');
    if (element.size() != 4) return false;
    const auto number = parse_hex(element.substr(0, 2), 2);
    const auto vr = core::dicom::parse_vr(element[2], element[3]);
    if (!number || !vr) return false;
    rules.push_back({like.creator, Tag{group, *number}, *vr, like.action});
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

/// Hands every member of an object, which must be one, to `read(name, value)`.
template <class Read>
bool read_members(const Json::Value& object, Read read) {
  if (!object.isObject()) return false;
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (!read(member.name(), *member)) return false;
  }
  return true;
}

/// The same where members are named by actions.
template <class Read>
bool read_by_action(const Json::Value& object, Read read) {
  return read_members(object, [&](const std::string& key, const Json::Value& value) {
    const auto action = parse_action(key);
    return action && read(*action, value);
  });
}

bool read_rules(const Json::Value& json, std::vector<Rule>& rules) {
  return read_by_action(json, [&](Action action, const Json::Value& tags) {
    return tags.isString() &&
           read_groups(tags.asString(), [&](std::string_view elements, std::uint16_t group) {
             return read_elements(elements, group, action, rules);
           });
  });
}

bool read_replacements(const Json::Value& json, std::vector<Replacement>& replacements) {
  return read_members(json, [&](const std::string& key, const Json::Value& text) {
    const auto tag = Tag::parse_hex(key);
    if (!tag || !text.isString()) return false;
    replacements.push_back({*tag, text.asString()});
    return true;
  });
}

bool read_private(const Json::Value& json, std::vector<PrivateRule>& rules) {
  return read_members(json, [&](const std::string& creator, const Json::Value& by_action) {
    return read_by_action(by_action, [&](Action action, const Json::Value& tags) {
      const PrivateRule like{creator, Tag{}, core::dicom::Vr::UN, action};
      return tags.isString() &&
             read_groups(tags.asString(), [&](std::string_view elements, std::uint16_t group) {
               return read_private_elements(elements, group, like, rules);
             });
    });
  });
}

bool read_content(const Json::Value& json, std::vector<ContentRule>& rules) {
  return read_by_action(json, [&](Action action, const Json::Value& schemes) {
    return read_members(schemes, [&](const std::string& scheme, const Json::Value& types) {
      return read_members(types, [&](const std::string& type, const Json::Value& codes) {
        if (!codes.isString()) return false;
        const std::string listed = codes.asString();
        for (std::string_view rest = listed; !rest.empty();) {
          rules.push_back({scheme, std::string(take_until(rest, ' ')), type, action});
        }
        return true;
      });
    });
  });
}

/// True if the member is missing.
template <class Read, class Target>
bool read_optional(const Json::Value& root, const char* key, Read read, Target& target) {
  return !root.isMember(key) || read(root[key], target);
}

bool has_only_known_members(const Json::Value& root) {
  constexpr std::string_view kMembers[] = {
      "Format", "Name",         "IdentityRemoved", "Method",  "MethodCodes", "TemporalInformation",
      "Rules",  "Replacements", "Private",         "Content", "Modalities",  "CleansPixels"};
  return std::ranges::all_of(root.getMemberNames(), [&](const std::string& key) {
    return std::ranges::find(kMembers, key) != std::end(kMembers);
  });
}

std::optional<Profile> read_masking_profile(const Json::Value& root) {
  const Json::Value& identity_removed = root["IdentityRemoved"];
  const Json::Value& temporal = root["TemporalInformation"];
  const Json::Value& cleans = root.get("CleansPixels", false);
  auto method = texts_of(root["Method"]);
  auto codes = texts_of(root["MethodCodes"]);
  auto modalities = texts_of(root.get("Modalities", Json::arrayValue));
  if (!has_only_known_members(root) || !identity_removed.isBool() || !temporal.isString() ||
      !cleans.isBool() || !method || !codes || !modalities) {
    return std::nullopt;
  }
  ProfileParts parts;
  parts.name = root["Name"].asString();
  parts.statement = {identity_removed.asBool(), std::move(*method), std::move(*codes),
                     temporal.asString()};
  parts.modalities = std::move(*modalities);
  parts.cleans_pixels = cleans.asBool();
  const bool is_read = read_rules(root["Rules"], parts.rules) &&
                       read_optional(root, "Replacements", read_replacements, parts.replacements) &&
                       read_optional(root, "Private", read_private, parts.private_rules) &&
                       read_optional(root, "Content", read_content, parts.content_rules);
  if (!is_read) return std::nullopt;
  return ProfileMaker::make(std::move(parts));
}

Json::Value write_rules(const std::vector<Rule>& rules) {
  Json::Value by_action(Json::objectValue);
  for (std::string_view action : action_names()) {
    const std::string tags = write_tags(rules, *parse_action(action));
    if (!tags.empty()) by_action[std::string(action)] = tags;
  }
  return by_action;
}

/// `rules` are sorted: those of one creator and action come in the order of their tags.
Json::Value write_private(const std::vector<PrivateRule>& rules) {
  Json::Value by_creator(Json::objectValue);
  std::map<std::pair<std::string, Action>, std::optional<std::uint16_t>> groups;
  for (const PrivateRule& rule : rules) {
    Json::Value& member = by_creator[rule.creator][std::string(name(rule.action))];
    std::string text = member.asString();
    append_in_group(text, groups[{rule.creator, rule.action}], rule.tag,
                    hex(rule.tag.element(), 2).append(core::dicom::name(rule.vr)));
    member = text;
  }
  return by_creator;
}

Json::Value write_content(const std::vector<ContentRule>& rules) {
  Json::Value by_action(Json::objectValue);
  for (const ContentRule& rule : rules) {
    Json::Value& codes = by_action[std::string(name(rule.action))][rule.scheme][rule.value_type];
    codes = codes.isNull() ? rule.code : codes.asString() + ' ' + rule.code;
  }
  return by_action;
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
    root["Rules"] = write_rules(rules_);
    for (const auto& [tag, text] : replacements_) root["Replacements"][tag.hex()] = text;
    if (!private_rules_.empty()) root["Private"] = write_private(private_rules_);
    if (!content_rules_.empty()) root["Content"] = write_content(content_rules_);
    if (!modalities_.empty()) root["Modalities"] = to_array(modalities_);
    if (cleans_pixels_) root["CleansPixels"] = true;
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
