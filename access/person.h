// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/id.h"
#include "core/time.h"

namespace sekisho::access {

struct PersonKind;
using PersonId = core::Id<PersonKind>;

/// Somebody who signs in for a recipient. No secret.
struct Person {
  PersonId id;
  std::string recipient;  ///< the id that sharing knows it by
  std::string login;      ///< as parse_login() gives it; nobody else at this door has the same
  std::string name;
  std::string email;  ///< as mail::parse_address() gives it; empty: nobody writes to them
  core::Time created_at;
  std::optional<core::Time> disabled_at;
  std::optional<core::Time> password_set_at;  ///< none: no invitation was taken up by one
  std::optional<core::Time> totp_since;       ///< since when a second factor is asked for
  int recovery_codes_left = 0;
  int passkeys = 0;
  std::optional<core::Time> linked_at{};  ///< to an identity provider (IdentityStore)
};

/// 3 to 64 of a-z, 0-9 and "@._+-", the first a letter or digit; A-Z are taken for a-z. `nullopt`
/// for anything else.
std::optional<std::string> parse_login(std::string_view text);

/// What people call what is theirs: one line of UTF-8, of at most 100 bytes; it may be empty.
bool is_label(std::string_view text);

struct InvitationKind;
using InvitationId = core::Id<InvitationKind>;

/// Lets a person choose how they sign in, once: an invitation of staff, by a password or at an
/// identity provider; or a link that the person has asked for, by a password alone, which leaves
/// the second factor what it is. Its secret is shown when it is made, and only secret_hash() of it
/// is kept.
struct Invitation {
  InvitationId id;
  PersonId person;
  core::Sha256 hash{};
  core::Time created_at;
  core::Time expires_at;
};

}  // namespace sekisho::access
