// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/profile_catalogue.h"

#include <algorithm>

#include "anonymization/json_object.h"
#include "anonymization/profiles/custom_profile.h"
#include "anonymization/profiles/profile_request.h"

namespace sekisho::anonymization {
namespace {

constexpr std::size_t kMostProfiles = 50;

struct Own {
  std::string_view name;
  std::string_view title;
  std::string_view title_ja;
  std::vector<std::string> members;
};
const std::vector<Own>& own_profiles() {
  static const std::vector<Own> kOwn = {
      {kNoneName, "Nothing is masked", "匿名化しない", {}},
      {kPatientFieldsName,
       "Chosen fields of the patient are masked",
       "患者の指定項目だけを匿名化",
       {"Fields"}},
      {kMinimumDisclosureName,
       "The patient, the images and nothing else",
       "患者番号・氏名・生年月日・性別と画像だけを開示",
       {"Fields", "Modalities"}},
      {kBasicProfileName,
       "DICOM PS3.15 Basic Profile with options",
       "DICOM PS3.15 基本プロファイル（オプション付き）",
       {"Options"}},
  };
  return kOwn;
}

/// Lower-case letters, digits, dots and hyphens: what stands in a path and in (0012,0063).
bool is_profile_name(std::string_view name) {
  constexpr std::size_t kLongest = 40;
  return !name.empty() && name.size() <= kLongest && name.front() >= 'a' && name.front() <= 'z' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

}  // namespace

std::variant<ProfileCatalogue, std::vector<std::string>> ProfileCatalogue::read(
    std::string_view profiles_json) {
  const auto profiles = parse_object(profiles_json);
  if (!profiles) return std::vector<std::string>{"Profiles must be an object."};
  ProfileCatalogue catalogue;
  std::vector<std::string> problems;
  if (profiles->size() > kMostProfiles) {
    problems.push_back("Profiles holds more than " + std::to_string(kMostProfiles) + " profiles.");
  }
  for (const std::string& name : profiles->getMemberNames()) {
    const std::string place = "Profiles." + name;
    if (!is_profile_name(name)) {
      problems.push_back(place +
                         " must be named with at most 40 lower-case letters, digits, dots and "
                         "hyphens, a letter first.");
    } else if (ProfileCatalogue().has(name)) {
      problems.push_back(place + " has the name of one of the program's own profiles.");
    }
    auto custom = read_custom_profile(name, (*profiles)[name], place, problems);
    if (custom) {
      catalogue.custom_.emplace(name, Custom{std::move(custom->title), std::move(custom->draft)});
    }
  }
  if (!problems.empty()) return problems;
  return catalogue;
}

bool ProfileCatalogue::has(std::string_view name) const {
  return custom_.contains(name) ||
         std::ranges::find(own_profiles(), name, &Own::name) != own_profiles().end();
}

std::vector<ProfileDescription> ProfileCatalogue::descriptions() const {
  std::vector<ProfileDescription> all;
  for (const Own& own : own_profiles()) {
    all.push_back(
        {std::string(own.name), std::string(own.title), std::string(own.title_ja), own.members});
  }
  for (const auto& [name, custom] : custom_) all.push_back({name, custom.title, custom.title, {}});
  return all;
}

std::variant<ExplainedProfile, std::string> ProfileCatalogue::explain(
    std::string_view request_json) const {
  std::vector<std::string> names;
  for (const ProfileDescription& description : descriptions()) names.push_back(description.name);
  const auto request = read_request(request_json, names);
  if (const auto* problem = std::get_if<std::string>(&request)) return *problem;
  const auto& json = std::get<Json::Value>(request);
  DraftAnswer answer;
  if (const auto custom = custom_.find(json["Name"].asString()); custom != custom_.end()) {
    if (json.size() != 1) return "profile " + custom->first + " has no options";
    answer = custom->second.draft;
  } else {
    answer = draft_for(json, names);
  }
  if (const auto* problem = std::get_if<std::string>(&answer)) return *problem;
  const auto& draft = std::get<std::optional<ProfileDraft>>(answer);
  if (!draft) return ExplainedProfile{Profile::none(), {}};
  ExplainedProfile explained{finished(*draft), {}};
  for (const SourcedRule& rule : draft->rules) {
    explained.rules.push_back({rule.rule, text_of(rule.source)});
  }
  return explained;
}

std::variant<Profile, std::string> ProfileCatalogue::resolve(std::string_view request_json) const {
  auto explained = explain(request_json);
  if (auto* problem = std::get_if<std::string>(&explained)) return std::move(*problem);
  return std::get<ExplainedProfile>(std::move(explained)).profile;
}

}  // namespace sekisho::anonymization
