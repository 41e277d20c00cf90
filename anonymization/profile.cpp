// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profile.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>

#include "anonymization/option.h"
#include "anonymization/profile_maker.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/repeating_groups.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr std::string_view kNone = "none";
constexpr Tag kStudyInstanceUid{0x0020, 0x000D};

/// Indexed by Action; stored with shares: add, never rename.
constexpr std::array<std::string_view, 13> kActionNames = {
    "keep",          "remove",     "empty",   "dummy",      "pseudonymise",        "remap-uid",
    "drop-phonetic", "shift-date", "cap-age", "clean-text", "clean-text-or-dummy", "clean-content",
    "replace"};

/// (gggg,xxee) without its block.
constexpr Tag in_any_block(Tag tag) { return Tag{tag.value & 0xFFFF00FF}; }

using ConceptKey = std::tuple<std::string_view, std::string_view, std::string_view>;
constexpr auto kConceptKey = [](const ContentRule& rule) {
  return ConceptKey{rule.scheme, rule.code, rule.value_type};
};
using PrivateKey = std::pair<std::string_view, Tag>;
constexpr auto kPrivateKey = [](const PrivateRule& rule) {
  return PrivateKey{rule.creator, rule.tag};
};

/// The row of that key in a sorted list, or null.
template <class Row, class Key, class Projection>
const Row* find_row(const std::vector<Row>& rows, const Key& key, Projection projection) {
  const auto row = std::ranges::lower_bound(rows, key, {}, projection);
  return row != rows.end() && std::invoke(projection, *row) == key ? &*row : nullptr;
}

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

std::string_view name(Action action) { return kActionNames[static_cast<std::size_t>(action)]; }

std::span<const std::string_view> action_names() { return kActionNames; }

std::optional<Action> parse_action(std::string_view name) {
  const auto found = std::ranges::find(kActionNames, name);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<Action>(found - kActionNames.begin());
}

Profile Profile::none() {
  Profile profile;
  profile.name_ = kNone;
  profile.identity_ = true;
  return profile;
}

Fate Profile::fate_of(Tag tag) const {
  if (identity_) return {Action::keep, core::dicom::implicit_vr(tag)};
  return index_.find(core::dicom::first_of_repeating(tag), kRemoved);
}

std::string_view Profile::replacement(Tag tag) const {
  const Replacement* found =
      find_row(replacements_, core::dicom::first_of_repeating(tag), &Replacement::tag);
  return found ? std::string_view(found->text) : std::string_view();
}

const PrivateRule* Profile::private_rule(std::string_view creator, Tag tag) const {
  if (private_rules_.empty()) return nullptr;
  return find_row(private_rules_, PrivateKey{creator, in_any_block(tag)}, kPrivateKey);
}

bool Profile::keeps_some_of(std::string_view creator, std::uint16_t group) const {
  return std::ranges::any_of(private_rules_, [&](const PrivateRule& rule) {
    return rule.tag.group() == group && rule.creator == creator;
  });
}

Action Profile::content_action(std::string_view scheme, std::string_view code,
                               std::string_view value_type) const {
  const auto* rule = find_row(content_rules_, ConceptKey{scheme, code, value_type}, kConceptKey);
  if (!rule) {
    rule = find_row(content_rules_, ConceptKey{kAnyConcept, kAnyConcept, value_type}, kConceptKey);
  }
  return rule ? rule->action : Action::remove;
}

bool Profile::admits_modality(std::string_view modality) const {
  return modalities_.empty() || std::ranges::find(modalities_, modality) != modalities_.end();
}

Profile Profile::stating_clean_pixels() const {
  constexpr std::string_view kCode = facts_of(Option::clean_pixel_data).code;
  Profile profile = *this;
  auto& codes = profile.statement_.method_codes;
  if (std::ranges::find(codes, kCode) == codes.end()) codes.emplace_back(kCode);
  return profile;
}

bool Profile::remaps_uids() const { return action_for(kStudyInstanceUid) == Action::remap_uid; }

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
