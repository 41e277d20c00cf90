// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profile.h"

#include <algorithm>
#include <array>

#include "anonymization/profile_maker.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr std::string_view kNone = "none";
constexpr Tag kStudyInstanceUid{0x0020, 0x000D};

/// Indexed by Action; stored with shares: add, never rename.
constexpr std::array<std::string_view, 7> kActionNames = {
    "keep", "remove", "empty", "dummy", "pseudonymise", "remap-uid", "drop-phonetic"};

/// Curves and overlays repeat at even groups up to 50FE and 60FE (PS3.5 §7.6).
constexpr Tag first_of_repeating(Tag tag) {
  const std::uint16_t family = tag.group() & 0xFF01;
  return family == 0x5000 || family == 0x6000 ? Tag{family, tag.element()} : tag;
}

}  // namespace

std::string_view name(Action action) { return kActionNames[static_cast<std::size_t>(action)]; }

Profile Profile::none() {
  Profile profile;
  profile.name_ = kNone;
  profile.identity_ = true;
  return profile;
}

Action Profile::action_for(Tag tag) const {
  if (identity_) return Action::keep;
  const Tag wanted = first_of_repeating(tag);
  const auto rule = std::ranges::lower_bound(rules_, wanted, {}, &Rule::tag);
  return rule != rules_.end() && rule->tag == wanted ? rule->action : Action::remove;
}

bool Profile::remaps_uids() const { return action_for(kStudyInstanceUid) == Action::remap_uid; }

std::optional<Profile> ProfileMaker::make(std::string name, Statement statement,
                                          std::vector<Rule> rules) {
  std::erase_if(rules, [](const Rule& rule) { return rule.action == Action::remove; });
  std::ranges::sort(rules, {}, &Rule::tag);
  if (std::ranges::adjacent_find(rules, {}, &Rule::tag) != rules.end()) return std::nullopt;
  Profile profile;
  profile.name_ = std::move(name);
  profile.statement_ = std::move(statement);
  profile.rules_ = std::move(rules);
  return profile;
}

}  // namespace sekisho::anonymization
