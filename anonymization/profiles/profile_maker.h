// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/profiles/profile.h"

namespace sekisho::anonymization {

/// Everything that a profile is made of; lists in any order.
struct ProfileParts {
  std::string name;
  Statement statement;
  std::vector<Rule> rules;
  std::vector<Replacement> replacements{};
  std::vector<PrivateRule> private_rules{};
  std::vector<ContentRule> content_rules{};
  std::vector<std::string> modalities{};
  bool cleans_pixels = false;
};

/// The one way to a Profile other than none().
struct ProfileMaker {
  /// Rules that remove are dropped, for that is what no rule means; private ones too. `nullopt` if
  /// the parts contradict each other: two rules for one thing, a replacement without its rule or a
  /// rule without its replacement, a rule for a private tag among those for public ones.
  static std::optional<Profile> make(ProfileParts parts);
  /// The way back, to build another profile on this one. Not of none().
  static ProfileParts parts_of(const Profile& profile);
};

}  // namespace sekisho::anonymization
