// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "access/person.h"
#include "core/time.h"

namespace sekisho::access {

/// Somebody as an identity provider knows them: for one issuer the same for ever (OpenID Connect
/// Core §2, "sub"). Neither a name nor an address is.
struct Identity {
  std::string issuer;
  std::string subject;  ///< 1 to 255 characters of ASCII
};

/// An identity, and whose it is here. A person has one at most.
struct LinkedIdentity {
  PersonId person;
  Identity identity;
  core::Time linked_at;
  std::optional<core::Time> used_at;
};

}  // namespace sekisho::access
