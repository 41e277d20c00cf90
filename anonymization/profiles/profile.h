// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "anonymization/profiles/rule.h"
#include "anonymization/profiles/rule_index.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/repeating_groups.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// What a masked object says about how it was made.
struct Statement {
  bool identity_removed = false;          ///< (0012,0062)
  std::vector<std::string> method;        ///< (0012,0063), at most 64 ASCII characters each
  std::vector<std::string> method_codes;  ///< (0012,0064), codes of PS3.16 CID 7050
  std::string temporal_information;       ///< (0028,0303): UNMODIFIED, MODIFIED or REMOVED
  friend bool operator==(const Statement&, const Statement&) = default;
};

/// A resolved profile: a sorted table of rules. An element that the table does not name is removed,
/// at every level of nesting. A value; any thread.
class Profile {
 public:
  /// The exact files as they are, nothing parsed, nothing masked.
  static Profile none();
  const std::string& name() const { return name_; }
  bool is_identity() const { return identity_; }
  /// Repeating groups (50xx, 60xx) share the rules of 5000 and 6000 (PS3.5 §7.6). Private elements:
  /// remove; see private_rule().
  Action action_for(core::dicom::Tag tag) const { return fate_of(tag).action; }
  /// The same with the dictionary's VR; UN for what is removed.
  Fate fate_of(core::dicom::Tag tag) const {
    if (identity_) return {Action::keep, core::dicom::implicit_vr(tag)};
    return index_.find(core::dicom::first_of_repeating(tag), kRemoved);
  }
  /// The text of a rule that replaces; empty for every other tag.
  std::string_view replacement(core::dicom::Tag tag) const;
  /// Of the element `tag` (gggg,xxee) in a block of `creator` (its value without trailing spaces);
  /// null if it goes. Creators match to the byte.
  const PrivateRule* private_rule(std::string_view creator, core::dicom::Tag tag) const;
  /// Whether private_rule() has anything for this creator in this group.
  bool keeps_some_of(std::string_view creator, std::uint16_t group) const;
  bool has_private_rules() const { return !private_rules_.empty(); }
  /// Of a content item under an element whose rule is clean_content, by its Concept Name and Value
  /// Type. `remove`: the item goes with all below it. Any other action takes the place of the tag's
  /// own for the value of that Value Type: TextValue of a TEXT, PersonName of a PNAME and so on;
  /// values of other types go. CODE, NUM and references are entered for `keep` and every element in
  /// them goes by its own tag; ContentSequence is entered. `dummy` for a reference: entered, its
  /// UIDs remapped. `cap_age` for a NUM: an age beyond 89 years becomes 90, and no number is in it
  /// in another form; in an unknown unit the item goes.
  /// ContentPlan adds what local coding schemes and references by position ask for.
  Action content_action(std::string_view scheme, std::string_view code,
                        std::string_view value_type) const;
  /// The values of Modality (0008,0060) that may be shown under this profile; empty: all.
  const std::vector<std::string>& modalities() const { return modalities_; }
  bool admits_modality(std::string_view modality) const;
  /// Clean Pixel Data Option: what the pixel policy cannot vouch for is cleaned or withheld.
  bool cleans_pixels() const { return cleans_pixels_; }
  /// Studies, series and instances carry pseudonymous UIDs.
  bool remaps_uids() const;
  /// Some rule shifts dates: the reader's dates and the original's differ by whole days.
  bool shifts_dates() const { return shifts_dates_; }
  const Statement& statement() const { return statement_; }
  /// Sorted by tag; none that removes, for that is what no rule means.
  const std::vector<Rule>& rules() const { return rules_; }
  const std::vector<PrivateRule>& private_rules() const { return private_rules_; }
  const std::vector<ContentRule>& content_rules() const { return content_rules_; }
  /// The form that a share stores: every rule is in it, so that later tables alter no live share.
  /// from_json(to_json()) equals the profile.
  std::string to_json() const;
  static std::optional<Profile> from_json(std::string_view json);
  friend bool operator==(const Profile&, const Profile&) = default;

 private:
  friend struct ProfileMaker;
  Profile() = default;
  std::string name_;
  bool identity_ = false;
  bool cleans_pixels_ = false;
  bool shifts_dates_ = false;
  Statement statement_;
  std::vector<Rule> rules_;
  std::vector<Replacement> replacements_;   ///< sorted by tag
  std::vector<PrivateRule> private_rules_;  ///< sorted by creator, tag
  std::vector<ContentRule> content_rules_;  ///< sorted by scheme, code, value type
  std::vector<std::string> modalities_;
  RuleIndex index_;  ///< of rules_
};

/// What staff may ask for when creating a share: a name, or {"Name": …, options …}. The answer is
/// a profile, or the text that tells them what is wrong with the request.
std::variant<Profile, std::string> resolve_profile(std::string_view request_json);

/// Names that resolve_profile() knows, for messages and the API description.
std::vector<std::string_view> profile_names();

}  // namespace sekisho::anonymization
