// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/denial.h"

namespace sekisho::sharing {

std::string_view name(Denial denial) {
  switch (denial) {
    case Denial::unknown_credential:
      return "unknown_credential";
    case Denial::expired_credential:
      return "expired_credential";
    case Denial::disabled_recipient:
      return "disabled_recipient";
    case Denial::foreign_network:
      return "foreign_network";
    case Denial::contradicting_credentials:
      return "contradicting_credentials";
    case Denial::unknown_authority:
      return "unknown_authority";
    case Denial::unnamed_certificate:
      return "unnamed_certificate";
    case Denial::ambiguous_certificate:
      return "ambiguous_certificate";
    case Denial::early_certificate:
      return "early_certificate";
    case Denial::revoked_certificate:
      return "revoked_certificate";
    case Denial::unknown_revocation:
      return "unknown_revocation";
    case Denial::unfit_certificate:
      return "unfit_certificate";
    case Denial::unreadable_authorities:
      return "unreadable_authorities";
    case Denial::foreign_page:
      return "foreign_page";
    case Denial::unknown_share:
      return "unknown_share";
    case Denial::foreign_share:
      return "foreign_share";
    case Denial::narrow_token:
      return "narrow_token";
    case Denial::other_person:
      return "other_person";
    case Denial::not_yet_valid:
      return "not_yet_valid";
    case Denial::expired_share:
      return "expired_share";
    case Denial::revoked_share:
      return "revoked_share";
    case Denial::destroyed_key:
      return "destroyed_key";
    case Denial::unapproved_share:
      return "unapproved_share";
    case Denial::unreadable_profile:
      return "unreadable_profile";
    case Denial::used_up_share:
      return "used_up_share";
    case Denial::weak_assurance:
      return "weak_assurance";
    case Denial::missing_permission:
      return "missing_permission";
    case Denial::out_of_scope:
      return "out_of_scope";
  }
  return {};
}

}  // namespace sekisho::sharing
