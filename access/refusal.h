// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "access/person.h"

namespace sekisho::access {

/// Why somebody was not let in. Told to the audit log, never to the other side, which gets one
/// answer for all of them; that for `busy` says to come again.
enum class Refusal {
  unknown_person,
  foreign_person,  ///< of a recipient that may not come from there, or not at all
  disabled_person,
  no_password,  ///< the invitation was not taken up
  wrong_password,
  missing_code,    ///< the password was right: somebody has it
  wrong_code,      ///< likewise; or one that was used before
  blocked_person,  ///< too many failures; whether the password was right, nobody looked
  blocked_site,
  unknown_invitation,  ///< or one that was taken up, has expired or was replaced
  unknown_passkey,
  foreign_passkey,   ///< made or used for another address than ours, or for another purpose
  wrong_passkey,     ///< cannot be read, or the signature is another's
  unverified_user,   ///< of an authenticator that asked for no PIN and nothing of the body
  stale_challenge,   ///< not one of ours, for somebody else, too old, or used before
  copied_passkey,    ///< its count of signatures does not go on: there are two of it
  known_passkey,     ///< enrolled already, or one too many
  unknown_identity,  ///< nobody here is who the identity provider says is there
  known_identity,    ///< somebody else is, already
  unknown_reset,  ///< the same as unknown_invitation of a link by which a password is chosen anew
  too_many,       ///< application passwords
  busy,           ///< no turn to hash came
};
/// "unknown_person" and so on.
std::string_view name(Refusal refusal);

/// Asked about the recipient of somebody: whether its people may come from where they are.
using MayCome = std::function<bool(const std::string& recipient)>;

/// Called right before something of a person changes, with all that can be refused behind it: what
/// it throws leaves everything as it was.
using Record = std::function<void(const Person& person)>;

}  // namespace sekisho::access
