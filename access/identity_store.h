// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "access/identity.h"
#include "core/digest.h"
#include "core/time.h"

namespace sekisho::access {

/// The durable home of what ties people to an identity provider. On return what a method did is on
/// disk. What changes how somebody may sign in ends all their sessions with it; an invitation that
/// is taken up by a password takes the tie away (PersonStore::accept). Any thread may call any
/// method. A failure throws core::DatabaseError; "nobody's" is a value.
class IdentityStore {
 public:
  virtual ~IdentityStore() = default;
  IdentityStore(const IdentityStore&) = delete;
  IdentityStore& operator=(const IdentityStore&) = delete;

  virtual std::optional<LinkedIdentity> find(const Identity& identity) const = 0;
  virtual std::optional<LinkedIdentity> of_person(const PersonId& person) const = 0;
  /// In place of another one that the person had. False, and nothing is done, if it is somebody
  /// else's.
  virtual bool link(const PersonId& person, const Identity& identity, core::Time now) = 0;
  /// False if the person has none.
  virtual bool unlink(const PersonId& person) = 0;
  /// Takes up an invitation: who this is at the provider is how the person signs in from then on,
  /// and whatever they had before is gone, their password too. False, and nothing is done, if the
  /// invitation cannot be taken up, or was meanwhile, or the identity is somebody else's.
  virtual bool accept(const core::Sha256& invitation, const Identity& identity, core::Time now) = 0;
  /// The person has signed in by it.
  virtual void note_use(const PersonId& person, core::Time now) = 0;

 protected:
  IdentityStore() = default;
};

}  // namespace sekisho::access
