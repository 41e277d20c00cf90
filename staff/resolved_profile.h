// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "anonymization/profiles/profile.h"

namespace sekisho::staff {

/// What a profile was asked for with, read back from its rules and from what it says of itself. A
/// value.
struct ResolvedProfile {
  std::string name;
  std::string base;                     ///< of a profile of the configuration; else empty
  std::vector<std::string> options;     ///< of ps3.15-basic
  std::vector<std::string> fields;      ///< of patient-fields and minimum-disclosure: those masked
  std::vector<std::string> modalities;  ///< empty: all

  static ResolvedProfile of(const anonymization::Profile& profile);
};

/// {"Name", "Base", "Options", "Fields", "Modalities"}; what does not apply is absent.
Json::Value resolved_profile_json(const ResolvedProfile& profile);
/// The same for the log, by lower-case names and without the profile's own.
std::map<std::string, std::string> resolved_profile_facts(const ResolvedProfile& profile);

}  // namespace sekisho::staff
