// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include <optional>
#include <string>
#include <vector>

#include "anonymization/profiles/profile_draft.h"

namespace sekisho::anonymization {

struct CustomProfile {
  std::string title;
  ProfileDraft draft;
};

/// A profile of the configuration: {"Base": …, "Title": …, "Rules": [{…}, …]}, see docs/masking.md.
/// Appends every problem, each beginning with its place; `nullopt` if there was any.
std::optional<CustomProfile> read_custom_profile(const std::string& name, const Json::Value& json,
                                                 const std::string& place,
                                                 std::vector<std::string>& problems);

}  // namespace sekisho::anonymization
