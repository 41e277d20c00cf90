// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "anonymization/profiles/profile.h"
#include "anonymization/profiles/profile_draft.h"

namespace sekisho::anonymization {

/// A profile as staff see it in a list.
struct ProfileDescription {
  std::string name;
  std::string title;
  std::string title_ja;
  std::vector<std::string> members;  ///< of a request, beside "Name": "Options", "Fields", …
};

/// A rule, those that remove included, and where it comes from.
struct ExplainedRule {
  Rule rule;
  std::string source;  ///< "PS3.15 Table E.1-1: Retain UIDs Option K"
};
struct ExplainedProfile {
  Profile profile;
  std::vector<ExplainedRule> rules;  ///< sorted by tag; empty for none
};

/// The profiles that staff may ask for: those of this program and those of the configuration. A
/// value, never changed after it was made; any thread.
class ProfileCatalogue {
 public:
  /// Without profiles of the configuration.
  ProfileCatalogue() = default;
  /// `profiles_json` is the object "Profiles" of the configuration: docs/masking.md, "Profiles of
  /// one's own". The answer is a catalogue or every problem at once, each a sentence that begins
  /// with the place of the mistake: "Profiles.teaching.Rules[3].Action".
  static std::variant<ProfileCatalogue, std::vector<std::string>> read(
      std::string_view profiles_json);

  /// As resolve_profile(), for every profile of the catalogue.
  std::variant<Profile, std::string> resolve(std::string_view request_json) const;
  std::variant<ExplainedProfile, std::string> explain(std::string_view request_json) const;
  bool has(std::string_view name) const;
  /// The program's own first.
  std::vector<ProfileDescription> descriptions() const;

 private:
  struct Custom {
    std::string title;
    ProfileDraft draft;
  };
  std::map<std::string, Custom, std::less<>> custom_;
};

}  // namespace sekisho::anonymization
