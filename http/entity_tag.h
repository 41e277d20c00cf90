// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::http {

/// What tells one state of a resource from another (RFC 9110 §8.8.3). A value; any thread.
class EntityTag {
 public:
  enum class Strength { strong, weak };

  /// `opaque` without quotes: visible characters but '"'. Throws std::invalid_argument.
  explicit EntityTag(std::string opaque, Strength strength = Strength::strong);
  /// `nullopt` for what is no single entity tag.
  static std::optional<EntityTag> parse(std::string_view text);

  /// As a field has it: "abc" with its quotes, W/ before it where it is weak.
  std::string text() const;

  /// What stands for as good as the same.
  EntityTag weakened() const { return EntityTag(opaque_, Strength::weak); }

  /// The same bytes (§8.8.3.2): no weak tag is, not even to itself.
  bool is_strongly(const EntityTag& other) const;
  /// As good as the same.
  bool is_weakly(const EntityTag& other) const { return opaque_ == other.opaque_; }

 private:
  std::string opaque_;
  Strength strength_;
};

/// Whether an If-None-Match field has `tag` or the asterisk (RFC 9110 §13.1.2): tags are compared
/// weakly. False for an empty field and for one that is no list of entity tags.
bool lists(std::string_view if_none_match, const EntityTag& tag);

}  // namespace sekisho::http
