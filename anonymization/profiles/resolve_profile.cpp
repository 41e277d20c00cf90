// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <functional>

#include "anonymization/json_object.h"
#include "anonymization/profiles/profile_catalogue.h"
#include "anonymization/profiles/profile_request.h"

namespace sekisho::anonymization {
namespace {

constexpr std::string_view kNames[] = {kNoneName, kPatientFieldsName, kMinimumDisclosureName,
                                       kBasicProfileName};
constexpr std::size_t kMostModalities = 32;

/// The members that each profile knows beside "Name".
struct Members {
  std::string_view profile;
  std::vector<std::string_view> names;
};
const std::vector<Members>& members_by_profile() {
  static const std::vector<Members> kMembers = {
      {kNoneName, {}},
      {kPatientFieldsName, {"Fields"}},
      {kMinimumDisclosureName, {"Fields", "Modalities"}},
      {kBasicProfileName, {"Options"}},
  };
  return kMembers;
}

/// The texts of a list, none twice, each of which `parse` makes something of.
template <class Parse>
auto read_list(const Json::Value& list, const std::string& what, const std::string& choices,
               Parse parse)
    -> std::variant<std::vector<typename decltype(parse(std::string()))::value_type>, std::string> {
  std::vector<typename decltype(parse(std::string()))::value_type> values;
  if (!list.isArray()) return what + " is a list of " + choices;
  for (const Json::Value& text : list) {
    const auto value = text.isString() ? parse(text.asString()) : std::nullopt;
    if (!value) return what + " holds something that is none of " + choices;
    if (std::ranges::find(values, *value) != values.end()) {
      return what + " names " + text.asString() + " twice";
    }
    values.push_back(*value);
  }
  return values;
}

template <class Rows, class Projection>
std::string joined_names(const Rows& rows, Projection projection) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(std::invoke(projection, row));
  return joined(names);
}

std::optional<PatientField> parse_field(const std::string& name) {
  const auto row = std::ranges::find(kPatientFieldNames, name, &PatientFieldName::text);
  return row == std::end(kPatientFieldNames) ? std::nullopt : std::optional(row->field);
}

auto read_fields(const Json::Value& list, std::string_view profile) {
  return read_list(list, "\"Fields\" of " + std::string(profile),
                   joined_names(kPatientFieldNames, &PatientFieldName::text), parse_field);
}

DraftAnswer patient_fields(const Json::Value& request) {
  std::vector<PatientField> fields;
  if (!request.isMember("Fields")) {
    for (const PatientFieldName& name : kPatientFieldNames) fields.push_back(name.field);
    return patient_fields_profile(fields);
  }
  auto named = read_fields(request["Fields"], kPatientFieldsName);
  if (const auto* problem = std::get_if<std::string>(&named)) return *problem;
  fields = std::get<0>(std::move(named));
  if (fields.empty()) {
    return "\"Fields\" of patient-fields is a list of at least one of " +
           joined_names(kPatientFieldNames, &PatientFieldName::text);
  }
  return patient_fields_profile(fields);
}

/// A Code String (PS3.5 §6.2).
std::optional<std::string> parse_modality(const std::string& text) {
  const bool is_code = !text.empty() && text.size() <= 16 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return is_code ? std::optional(text) : std::nullopt;
}

DraftAnswer minimum_disclosure(const Json::Value& request) {
  std::vector<std::string> modalities(std::begin(kDefaultModalities), std::end(kDefaultModalities));
  if (request.isMember("Modalities")) {
    auto named = read_list(request["Modalities"], "\"Modalities\" of minimum-disclosure",
                           "the values of Modality (0008,0060), such as CT", parse_modality);
    if (const auto* problem = std::get_if<std::string>(&named)) return *problem;
    modalities = std::get<0>(std::move(named));
    if (modalities.empty() || modalities.size() > kMostModalities) {
      return "\"Modalities\" of minimum-disclosure names between 1 and " +
             std::to_string(kMostModalities) + " modalities";
    }
  }
  std::vector<PatientField> fields;
  if (request.isMember("Fields")) {
    auto named = read_fields(request["Fields"], kMinimumDisclosureName);
    if (const auto* problem = std::get_if<std::string>(&named)) return *problem;
    fields = std::get<0>(std::move(named));
  }
  return minimum_disclosure_profile(fields, std::move(modalities));
}

DraftAnswer basic(const Json::Value& request) {
  OptionSet options;
  if (request.isMember("Options")) {
    auto named = read_list(request["Options"], "\"Options\" of ps3.15-basic",
                           joined_names(kOptions, &OptionFacts::name), parse_option);
    if (const auto* problem = std::get_if<std::string>(&named)) return *problem;
    for (Option option : std::get<0>(named)) options.insert(option);
  }
  if (options.contains(Option::retain_full_dates) &&
      options.contains(Option::retain_modified_dates)) {
    return "\"Options\" of ps3.15-basic holds both RetainFullDates and RetainModifiedDates: dates "
           "stay as they are or are shifted";
  }
  return basic_profile(options);
}

std::string unknown_name(std::string_view name, const std::vector<std::string>& known_names) {
  return "there is no profile \"" + std::string(name) + "\"; profiles are " + joined(known_names);
}

/// The first member that the profile does not know.
std::optional<std::string> unknown_member(const Json::Value& request, std::string_view profile) {
  const auto known = std::ranges::find(members_by_profile(), profile, &Members::profile);
  for (const std::string& key : request.getMemberNames()) {
    if (key != "Name" && std::ranges::find(known->names, key) == known->names.end()) return key;
  }
  return std::nullopt;
}

}  // namespace

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all.append(all.empty() ? "" : ", ").append(text);
  return all;
}

DraftAnswer draft_for(const Json::Value& request, const std::vector<std::string>& known_names) {
  const std::string name = request["Name"].asString();
  if (std::ranges::find(kNames, name) == std::end(kNames)) return unknown_name(name, known_names);
  if (const auto key = unknown_member(request, name)) {
    return "profile " + name + " has no option \"" + *key + "\"";
  }
  if (name == kPatientFieldsName) return patient_fields(request);
  if (name == kMinimumDisclosureName) return minimum_disclosure(request);
  if (name == kBasicProfileName) return basic(request);
  return std::optional<ProfileDraft>();
}

std::variant<Json::Value, std::string> read_request(std::string_view request_json,
                                                    const std::vector<std::string>& known_names) {
  // A JSON string is one member of an object: one parser reads both forms.
  const bool is_string = request_json.starts_with('"');
  auto request = parse_object(is_string ? "{\"Name\":" + std::string(request_json) + "}"
                                        : std::string(request_json));
  if (!request) {
    return "a profile is a name or an object such as {\"Name\": \"patient-fields\"}; profiles "
           "are " +
           joined(known_names);
  }
  if (is_string && request->size() != 1) return unknown_name(request_json, known_names);
  if (!(*request)["Name"].isString()) {
    return "a profile needs a \"Name\"; profiles are " + joined(known_names);
  }
  return *std::move(request);
}

std::variant<Profile, std::string> resolve_profile(std::string_view request_json) {
  return ProfileCatalogue().resolve(request_json);
}

std::vector<std::string_view> profile_names() { return {std::begin(kNames), std::end(kNames)}; }

}  // namespace sekisho::anonymization
