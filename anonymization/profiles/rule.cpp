// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/rule.h"

#include <algorithm>
#include <array>

namespace sekisho::anonymization {
namespace {

/// Indexed by Action; stored with shares: add, never rename.
constexpr std::array<std::string_view, 15> kActionNames = {"keep",
                                                           "remove",
                                                           "empty",
                                                           "dummy",
                                                           "pseudonymise",
                                                           "remap-uid",
                                                           "drop-phonetic",
                                                           "shift-date",
                                                           "cap-age",
                                                           "clean-text",
                                                           "clean-text-or-dummy",
                                                           "clean-content",
                                                           "replace",
                                                           "keep-listed",
                                                           "keep-coded"};

}  // namespace

std::string_view name(Action action) { return kActionNames[static_cast<std::size_t>(action)]; }

std::span<const std::string_view> action_names() { return kActionNames; }

std::optional<Action> parse_action(std::string_view name) {
  const auto found = std::ranges::find(kActionNames, name);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<Action>(found - kActionNames.begin());
}

}  // namespace sekisho::anonymization
