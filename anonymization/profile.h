// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// What happens to one element (PS3.15 Table E.1-1a, plus what our profiles need).
enum class Action : std::uint8_t {
  keep,           ///< K: unchanged if it is what its tag says it is; sequences are entered
  remove,         ///< X
  empty,          ///< Z: zero length
  dummy,          ///< D: a constant, VR-correct replacement, never empty
  pseudonymise,   ///< a keyed pseudonym in place of the value (identifiers)
  remap_uid,      ///< U: well-known UIDs stay, every other one is replaced by its pseudonym
  drop_phonetic,  ///< person names: the phonetic (kana) component group goes
};
std::string_view name(Action action);

struct Rule {
  core::dicom::Tag tag;
  Action action;
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// What a masked object says about how it was made.
struct Statement {
  bool identity_removed = false;          ///< (0012,0062)
  std::vector<std::string> method;        ///< (0012,0063), at most 64 ASCII characters each
  std::vector<std::string> method_codes;  ///< (0012,0064), codes of PS3.16 CID 7050
  std::string temporal_information;       ///< (0028,0303)
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
  /// Repeating groups (50xx, 60xx) share the rules of 5000 and 6000 (PS3.5 §7.6).
  Action action_for(core::dicom::Tag tag) const;
  /// Studies, series and instances carry pseudonymous UIDs.
  bool remaps_uids() const;
  const Statement& statement() const { return statement_; }
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
  Statement statement_;
  std::vector<Rule> rules_;  ///< sorted by tag; none that removes, for that is what no rule means
};

/// What staff may ask for when creating a share: a name, or {"Name": …, options …}. The answer is
/// a profile, or the text that tells them what is wrong with the request.
std::variant<Profile, std::string> resolve_profile(std::string_view request_json);

/// Names that resolve_profile() knows, for messages and the API description.
std::vector<std::string_view> profile_names();

}  // namespace sekisho::anonymization
