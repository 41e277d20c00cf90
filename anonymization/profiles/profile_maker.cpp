// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/profile_maker.h"

#include <algorithm>
#include <vector>

#include "anonymization/profiles/rule_index.h"
#include "anonymization/profiles/rule_keys.h"

namespace sekisho::anonymization {
namespace {

/// Sorts; false if two rows share a key.
template <class Row, class Projection>
bool sort_unique(std::vector<Row>& rows, Projection projection) {
  std::ranges::sort(rows, {}, projection);
  return std::ranges::adjacent_find(rows, {}, projection) == rows.end();
}

constexpr auto kRemoves = [](const auto& rule) { return rule.action == Action::remove; };

bool are_private_rules(const std::vector<PrivateRule>& rules) {
  return std::ranges::all_of(rules, [](const PrivateRule& rule) {
    return rule.tag.is_private() && rule.tag == in_any_block(rule.tag) && !rule.creator.empty() &&
           (rule.action == Action::keep || rule.action == Action::remap_uid);
  });
}

/// Both are sorted by tag.
bool fit_together(const std::vector<Rule>& rules, const std::vector<Replacement>& replacements) {
  auto next = replacements.begin();
  for (const Rule& rule : rules) {
    if (rule.action != Action::replace) continue;
    if (next == replacements.end() || next->tag != rule.tag) return false;
    ++next;
  }
  return next == replacements.end();
}

}  // namespace

std::optional<Profile> ProfileMaker::make(ProfileParts parts) {
  std::erase_if(parts.rules, kRemoves);
  std::erase_if(parts.private_rules, kRemoves);
  const bool unique = sort_unique(parts.rules, &Rule::tag) &&
                      sort_unique(parts.replacements, &Replacement::tag) &&
                      sort_unique(parts.private_rules, kPrivateKey) &&
                      sort_unique(parts.content_rules, kConceptKey);
  const bool public_only =
      std::ranges::none_of(parts.rules, [](const Rule& rule) { return rule.tag.is_private(); });
  if (!unique || !public_only || !are_private_rules(parts.private_rules) ||
      !fit_together(parts.rules, parts.replacements)) {
    return std::nullopt;
  }
  Profile profile;
  profile.name_ = std::move(parts.name);
  profile.statement_ = std::move(parts.statement);
  profile.rules_ = std::move(parts.rules);
  profile.replacements_ = std::move(parts.replacements);
  profile.private_rules_ = std::move(parts.private_rules);
  profile.content_rules_ = std::move(parts.content_rules);
  profile.modalities_ = std::move(parts.modalities);
  profile.cleans_pixels_ = parts.cleans_pixels;
  profile.shifts_dates_ =
      std::ranges::find(profile.rules_, Action::shift_date, &Rule::action) != profile.rules_.end();
  profile.index_ = RuleIndex(profile.rules_);
  return profile;
}

ProfileParts ProfileMaker::parts_of(const Profile& profile) {
  return {profile.name_,         profile.statement_,     profile.rules_,
          profile.replacements_, profile.private_rules_, profile.content_rules_,
          profile.modalities_,   profile.cleans_pixels_};
}

}  // namespace sekisho::anonymization
