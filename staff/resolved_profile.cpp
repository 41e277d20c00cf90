// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/resolved_profile.h"

#include <string_view>

#include "anonymization/option.h"
#include "anonymization/profiles/builtin_profiles.h"

namespace sekisho::staff {
namespace {

using anonymization::Action;
using anonymization::PatientField;
using anonymization::Profile;
using core::dicom::Tag;

constexpr Tag kReferringPhysicianName{0x0008, 0x0090};
constexpr Tag kPatientName{0x0010, 0x0010};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr Tag kPatientBirthDate{0x0010, 0x0030};
constexpr Tag kPatientSex{0x0010, 0x0040};

bool is_masked(const Profile& profile, PatientField field) {
  const Action name = profile.action_for(kPatientName);
  switch (field) {
    case PatientField::id:
      return profile.action_for(kPatientId) != Action::keep;
    case PatientField::name:
      return name != Action::keep && name != Action::drop_phonetic;
    case PatientField::kana:  // of every person, where the patient's name goes as a whole
      return name == Action::drop_phonetic ||
             profile.action_for(kReferringPhysicianName) == Action::drop_phonetic;
    case PatientField::sex:
      return profile.action_for(kPatientSex) != Action::keep;
    case PatientField::birth_date:
      break;
  }
  return profile.action_for(kPatientBirthDate) != Action::keep;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all.append(all.empty() ? "" : " ").append(text);
  return all;
}

/// Hands each list that is not empty to `take` with its name.
template <class Take>
void for_each_list(const ResolvedProfile& profile, Take take) {
  if (!profile.options.empty()) take("Options", "options", profile.options);
  if (!profile.fields.empty()) take("Fields", "fields", profile.fields);
  if (!profile.modalities.empty()) take("Modalities", "modalities", profile.modalities);
}

}  // namespace

ResolvedProfile ResolvedProfile::of(const Profile& profile) {
  constexpr std::string_view kBasedOn = "based on ";  // as custom_profile.cpp writes it
  ResolvedProfile resolved;
  resolved.name = profile.name();
  resolved.modalities = profile.modalities();
  for (const std::string& method : profile.statement().method) {
    if (method.starts_with(kBasedOn)) resolved.base = method.substr(kBasedOn.size());
    if (anonymization::parse_option(method)) resolved.options.push_back(method);
  }
  const std::string& own = resolved.base.empty() ? resolved.name : resolved.base;
  if (own != anonymization::kPatientFieldsName && own != anonymization::kMinimumDisclosureName) {
    return resolved;
  }
  for (const auto& [text, field] : anonymization::kPatientFieldNames) {
    if (is_masked(profile, field)) resolved.fields.emplace_back(text);
  }
  return resolved;
}

Json::Value resolved_profile_json(const ResolvedProfile& profile) {
  Json::Value json;
  json["Name"] = profile.name;
  if (!profile.base.empty()) json["Base"] = profile.base;
  for_each_list(profile, [&](const char* member, const char*, const auto& texts) {
    for (const std::string& text : texts) json[member].append(text);
  });
  return json;
}

std::map<std::string, std::string> resolved_profile_facts(const ResolvedProfile& profile) {
  std::map<std::string, std::string> facts;
  if (!profile.base.empty()) facts["base"] = profile.base;
  for_each_list(profile, [&](const char*, const char* fact, const auto& texts) {
    facts[fact] = joined(texts);
  });
  return facts;
}

}  // namespace sekisho::staff
