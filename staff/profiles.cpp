// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/profiles.h"

#include <algorithm>

#include "anonymization/option.h"
#include "anonymization/profiles/basic_rules.h"
#include "anonymization/profiles/profile_catalogue.h"
#include "core/dicom/dictionary.h"

namespace sekisho::staff {
namespace {

using anonymization::ExplainedProfile;
using anonymization::Profile;
using anonymization::ProfileDescription;

Json::Value to_array(const std::vector<std::string>& texts) {
  Json::Value array(Json::arrayValue);
  for (const std::string& text : texts) array.append(text);
  return array;
}

Json::Value title_json(std::string_view english, std::string_view japanese) {
  Json::Value json;
  json["en"] = std::string(english);
  json["ja"] = std::string(japanese);
  return json;
}

Json::Value options_json() {
  Json::Value json(Json::arrayValue);
  for (const anonymization::OptionFacts& facts : anonymization::kOptions) {
    Json::Value option;
    option["Name"] = std::string(facts.name);
    option["Code"] = std::string(facts.code);
    option["Title"] = title_json(facts.title, facts.title_ja);
    json.append(option);
  }
  return json;
}

Json::Value statement_json(const anonymization::Statement& statement) {
  Json::Value json;
  json["PatientIdentityRemoved"] = statement.identity_removed;
  json["DeidentificationMethod"] = to_array(statement.method);
  json["DeidentificationMethodCodes"] = to_array(statement.method_codes);
  json["LongitudinalTemporalInformationModified"] = statement.temporal_information;
  return json;
}

/// What a list tells of a profile; its statement is that of the profile without further members.
Json::Value description_json(const ProfileDescription& description, const Profile& profile) {
  Json::Value json;
  json["Name"] = description.name;
  json["Title"] = title_json(description.title, description.title_ja);
  json["Members"] = to_array(description.members);
  const auto has_options = std::ranges::find(description.members, "Options");
  json["Options"] =
      has_options == description.members.end() ? Json::Value(Json::arrayValue) : options_json();
  if (!profile.is_identity()) json["Statement"] = statement_json(profile.statement());
  return json;
}

Json::Value rules_json(const ExplainedProfile& explained) {
  Json::Value json(Json::arrayValue);
  for (const auto& [rule, source] : explained.rules) {
    const auto* entry = core::dicom::find(rule.tag);
    Json::Value row;
    row["Tag"] = rule.tag.hex();
    row["Keyword"] = std::string(entry->keyword);
    row["VR"] = std::string(core::dicom::name(entry->vr));
    row["Action"] = std::string(name(rule.action));
    row["Source"] = source;
    if (rule.action == anonymization::Action::replace) {
      row["Text"] = std::string(explained.profile.replacement(rule.tag));
    }
    json.append(row);
  }
  return json;
}

/// "0019xx23": the block is the creator's choice.
std::string private_tag(core::dicom::Tag tag) { return tag.hex().replace(4, 2, "xx"); }

Json::Value private_rules_json(const Profile& profile) {
  Json::Value json(Json::arrayValue);
  for (const anonymization::PrivateRule& rule : profile.private_rules()) {
    Json::Value row;
    row["PrivateCreator"] = rule.creator;
    row["Tag"] = private_tag(rule.tag);
    row["VR"] = std::string(core::dicom::name(rule.vr));
    row["Action"] = std::string(name(rule.action));
    row["Source"] = std::string(source_of(rule));
    json.append(row);
  }
  return json;
}

Json::Value content_rules_json(const Profile& profile) {
  Json::Value json(Json::arrayValue);
  for (const anonymization::ContentRule& rule : profile.content_rules()) {
    Json::Value row;
    row["CodingSchemeDesignator"] = rule.scheme;
    row["CodeValue"] = rule.code;
    row["ValueType"] = rule.value_type;
    row["Action"] = std::string(name(rule.action));
    row["Source"] = std::string(source_of(rule));
    json.append(row);
  }
  return json;
}

/// What a request calls a parameter of the query.
struct Parameter {
  const char* query;
  const char* member;
};
constexpr Parameter kParameters[] = {
    {"options", "Options"}, {"fields", "Fields"}, {"modalities", "Modalities"}};

Json::Value split(std::string_view texts) {
  Json::Value list(Json::arrayValue);
  while (!texts.empty()) {
    const auto end = std::min(texts.find(','), texts.size());
    list.append(std::string(texts.substr(0, end)));
    texts.remove_prefix(std::min(end + 1, texts.size()));
  }
  return list;
}

Json::Value request_json(const Call& call) {
  Json::Value request;
  request["Name"] = call.ids[0];
  for (const auto& [query, member] : kParameters) {
    const auto found = call.query.find(query);
    if (found != call.query.end()) request[member] = split(found->second);
  }
  return request;
}

}  // namespace

Reply list_profiles(const Call& call) {
  const auto& catalogue = call.ports.options.profiles;
  Json::Value json;
  json["Profiles"] = Json::arrayValue;
  for (const ProfileDescription& description : catalogue.descriptions()) {
    Json::Value request;
    request["Name"] = description.name;
    const auto profile = std::get<Profile>(catalogue.resolve(to_text(request)));
    json["Profiles"].append(description_json(description, profile));
  }
  json["Default"] = call.ports.options.default_profile;
  return answered(200, json);
}

Reply show_profile(const Call& call) {
  const auto& catalogue = call.ports.options.profiles;
  if (!catalogue.has(call.ids[0])) return refused(404, "There is no such profile.");
  const auto answer = catalogue.explain(to_text(request_json(call)));
  if (const auto* problem = std::get_if<std::string>(&answer)) return invalid({*problem});
  const auto& explained = std::get<ExplainedProfile>(answer);
  const auto descriptions = catalogue.descriptions();
  const auto description = std::ranges::find(descriptions, call.ids[0], &ProfileDescription::name);
  Json::Value json = description_json(*description, explained.profile);
  json["Modalities"] = to_array(explained.profile.modalities());
  json["CleansPixels"] = explained.profile.cleans_pixels();
  json["Rules"] = rules_json(explained);
  json["PrivateRules"] = private_rules_json(explained.profile);
  json["ContentRules"] = content_rules_json(explained.profile);
  return answered(200, json);
}

}  // namespace sekisho::staff
