// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "access/passkey.h"

namespace sekisho::access {

/// The durable home of passkeys. On return what a method did is on disk. What changes how somebody
/// may sign in ends all their sessions with it; an invitation that is taken up takes their passkeys
/// away (PersonStore::accept). Any thread may call any method. A failure throws
/// core::DatabaseError; "no such passkey" is a value.
class PasskeyStore {
 public:
  virtual ~PasskeyStore() = default;
  PasskeyStore(const PasskeyStore&) = delete;
  PasskeyStore& operator=(const PasskeyStore&) = delete;

  /// False, and nothing is done, if anybody has this credential, or the person has kMostPasskeys.
  virtual bool insert(const Passkey& passkey) = 0;
  virtual std::optional<Passkey> find(core::ByteView credential) const = 0;
  /// In the order of their enrolment.
  virtual std::vector<Passkey> of_person(const PersonId& person) const = 0;
  /// It has signed at `now`, for the `signatures`-th time. False, and nothing is done, if it is
  /// gone or the count is not past the one before, where either counts at all: then there are two
  /// of it, or somebody uses an answer again.
  virtual bool use(const PasskeyId& id, std::uint32_t signatures, core::Time now) = 0;
  /// False if the person has no such passkey.
  virtual bool remove(const PersonId& person, const PasskeyId& id) = 0;

 protected:
  PasskeyStore() = default;
};

}  // namespace sekisho::access
