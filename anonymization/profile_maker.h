// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/profile.h"

namespace sekisho::anonymization {

/// The one way to a Profile other than none().
struct ProfileMaker {
  /// `rules` in any order; those that remove are dropped, for that is what no rule means.
  /// `nullopt` if two rules name one tag.
  static std::optional<Profile> make(std::string name, Statement statement,
                                     std::vector<Rule> rules);
};

}  // namespace sekisho::anonymization
