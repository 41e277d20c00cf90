// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// What happens to one element (PS3.15 Table E.1-1a, plus what our profiles need).
enum class Action : std::uint8_t {
  keep,          ///< K: unchanged; sequences are entered
  remove,        ///< X
  empty,         ///< Z: zero length
  dummy,         ///< D: a VR-correct replacement, never empty
  pseudonymise,  ///< a keyed pseudonym in place of the value (identifiers)
  remap_uid,     ///< U: well-known UIDs stay, every other one is replaced by its pseudonym
  shift_date,    ///< DA and DT moved by the share's whole number of days
};
std::string_view name(Action action);

struct Rule {
  core::dicom::Tag tag;
  Action action;
};

/// A resolved profile: a sorted table of rules. An element that the table does not name is removed,
/// at every level of nesting. A value; any thread.
class Profile {
 public:
  /// The exact files as they are, nothing parsed, nothing masked.
  static Profile none();
  const std::string& name() const { return name_; }
  bool is_identity() const { return identity_; }
  Action action_for(core::dicom::Tag tag) const;
  /// The form that a share stores. from_json(to_json()) equals the profile.
  std::string to_json() const;
  static std::optional<Profile> from_json(std::string_view json);
  friend bool operator==(const Profile&, const Profile&) = default;

 private:
  friend struct ProfileMaker;
  Profile() = default;
  std::string name_;
  bool identity_ = false;
  /// PS3.15 CID 7050 codes that (0012,0064) states, in order.
  std::vector<std::string> method_codes_;
  /// `patient-fields` keeps what it does not name; every other profile removes it.
  Action otherwise_ = Action::remove;
  std::vector<Rule> rules_;  ///< sorted by tag
};

/// What staff may ask for when creating a share: a name, or {"Name": …, options …}. The answer is
/// a profile, or the text that tells them what is wrong with the request.
std::variant<Profile, std::string> resolve_profile(std::string_view request_json);

/// Names that resolve_profile() knows, for messages and the API description.
std::vector<std::string_view> profile_names();

}  // namespace sekisho::anonymization
