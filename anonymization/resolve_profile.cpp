// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "anonymization/builtin_profiles.h"
#include "anonymization/json_object.h"
#include "anonymization/profile.h"

namespace sekisho::anonymization {
namespace {

using Answer = std::variant<Profile, std::string>;

constexpr std::string_view kNoneName = "none";
constexpr std::string_view kNames[] = {kNoneName, kPatientFieldsName, kBasicProfileName};

template <class Texts>
std::string joined(const Texts& texts) {
  std::string all;
  for (std::string_view text : texts) all.append(all.empty() ? "" : ", ").append(text);
  return all;
}

std::string field_names() {
  std::vector<std::string_view> names;
  for (const auto& [text, field] : kPatientFieldNames) names.push_back(text);
  return joined(names);
}

std::string unknown_name(std::string_view name) {
  return "there is no profile \"" + std::string(name) + "\"; profiles are " + joined(kNames);
}

/// The first member of `request` that is neither "Name" nor `allowed` (empty: nothing else).
std::optional<std::string> unknown_key(const Json::Value& request, std::string_view allowed) {
  for (const std::string& key : request.getMemberNames()) {
    if (key != "Name" && (allowed.empty() || key != allowed)) return key;
  }
  return std::nullopt;
}

std::vector<PatientField> all_fields() {
  std::vector<PatientField> fields;
  for (const auto& name : kPatientFieldNames) fields.push_back(name.field);
  return fields;
}

Answer resolve_patient_fields(const Json::Value& request) {
  if (!request.isMember("Fields")) return patient_fields_profile(all_fields());
  const Json::Value& names = request["Fields"];
  if (!names.isArray() || names.empty()) {
    return "\"Fields\" of patient-fields is a list of at least one of " + field_names();
  }
  std::vector<PatientField> fields;
  for (const Json::Value& name : names) {
    const auto known = std::ranges::find_if(kPatientFieldNames, [&](const PatientFieldName& row) {
      return name.isString() && row.text == name.asString();
    });
    if (known == std::end(kPatientFieldNames)) {
      return "\"Fields\" of patient-fields holds something that is none of " + field_names();
    }
    if (std::ranges::find(fields, known->field) != fields.end()) {
      return "\"Fields\" of patient-fields names " + std::string(known->text) + " twice";
    }
    fields.push_back(known->field);
  }
  return patient_fields_profile(fields);
}

Answer resolve_object(const Json::Value& request) {
  if (!request["Name"].isString()) {
    return "a profile needs a \"Name\"; profiles are " + joined(kNames);
  }
  const std::string name = request["Name"].asString();
  if (std::ranges::find(kNames, name) == std::end(kNames)) return unknown_name(name);
  const std::string_view option = name == kPatientFieldsName ? "Fields" : "";
  if (const auto key = unknown_key(request, option)) {
    return "profile " + name + " has no option \"" + *key + "\"";
  }
  if (name == kPatientFieldsName) return resolve_patient_fields(request);
  return name == kNoneName ? Profile::none() : basic_profile();
}

}  // namespace

Answer resolve_profile(std::string_view request_json) {
  // A JSON string is one member of an object: one parser reads both forms.
  const bool is_string = request_json.starts_with('"');
  const auto request = parse_object(is_string ? "{\"Name\":" + std::string(request_json) + "}"
                                              : std::string(request_json));
  if (!request) {
    return "a profile is a name or an object such as {\"Name\": \"patient-fields\"}; profiles "
           "are " +
           joined(kNames);
  }
  if (is_string && request->size() != 1) return unknown_name(request_json);
  return resolve_object(*request);
}

std::vector<std::string_view> profile_names() { return {std::begin(kNames), std::end(kNames)}; }

}  // namespace sekisho::anonymization
