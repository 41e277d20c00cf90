// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sekisho::sharing {

/// Why not. Told to the audit log, never to the other side.
enum class Denial {
  unknown_credential,  ///< or none
  expired_credential,  ///< or revoked
  disabled_recipient,
  foreign_network,
  contradicting_credentials,
  unknown_authority,       ///< a certificate of nobody whom the configuration or staff know
  unnamed_certificate,     ///< of a known authority, by no rule that of a recipient
  ambiguous_certificate,   ///< that of more than one recipient
  early_certificate,       ///< its time, or that of who issued it, has not begun
  revoked_certificate,     ///< or that of who issued it
  unknown_revocation,      ///< no list that is in force says that it is not
  unfit_certificate,       ///< not for clients, too weak, or not to be understood in one way only
  unreadable_authorities,  ///< the file of authorities has become unusable
  foreign_page,            ///< a browser was sent by a page that is not ours
  unknown_share,
  foreign_share,  ///< somebody else's, or not the one that the link opens
  narrow_token,   ///< the token was made for less than the recipient may
  other_person,   ///< it is for one person of the recipient, as whom nobody has signed in here
  not_yet_valid,
  expired_share,
  revoked_share,
  destroyed_key,       ///< the share is over and nobody can undo its pseudonyms
  unapproved_share,    ///< nobody but its maker has looked at it
  unreadable_profile,  ///< a newer version stored it, or something else is wrong with the share
  used_up_share,       ///< as many sessions have opened it as may; or what asks is no session
  weak_assurance,
  missing_permission,
  out_of_scope,
};
std::string_view name(Denial denial);

}  // namespace sekisho::sharing
