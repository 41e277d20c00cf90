// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/profile.h"

#include <algorithm>
#include <functional>

#include "anonymization/profiles/rule_keys.h"
#include "core/dicom/repeating_groups.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr std::string_view kNone = "none";
constexpr Tag kStudyInstanceUid{0x0020, 0x000D};

/// The row of that key in a sorted list, or null.
template <class Row, class Key, class Projection>
const Row* find_row(const std::vector<Row>& rows, const Key& key, Projection projection) {
  const auto row = std::ranges::lower_bound(rows, key, {}, projection);
  return row != rows.end() && std::invoke(projection, *row) == key ? &*row : nullptr;
}

}  // namespace

Profile Profile::none() {
  Profile profile;
  profile.name_ = kNone;
  profile.identity_ = true;
  return profile;
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

bool Profile::remaps_uids() const { return action_for(kStudyInstanceUid) == Action::remap_uid; }

}  // namespace sekisho::anonymization
