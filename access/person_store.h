// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/person.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/time.h"

namespace sekisho::access {

/// What somebody's sign-in is compared with.
struct Secrets {
  std::string password_hash;   ///< PHC string; empty: none was chosen yet
  core::Bytes totp_box;        ///< as AccessKey seals it; empty: no second factor
  std::int64_t last_step = 0;  ///< the newest one of which a code was used
  core::Bytes offered_box;     ///< of an authenticator that has not shown yet that it works
};

/// Of one recipient, disabled ones included.
inline constexpr int kMostPeople = 500;

/// The durable home of people and what they sign in with. On return what a method did is on disk.
/// Whatever changes what somebody signs in with ends all their sessions with it, and a link that
/// they have asked for to choose a password. Any thread may
/// call any method. A failure throws core::DatabaseError; "no such person" is a value.
class PersonStore {
 public:
  virtual ~PersonStore() = default;
  PersonStore(const PersonStore&) = delete;
  PersonStore& operator=(const PersonStore&) = delete;

  enum class Registration { done, login_taken, too_many };
  /// A person without a password.
  virtual Registration insert(const Person& person) = 0;
  virtual std::optional<Person> find(const PersonId& id) const = 0;
  virtual std::optional<Person> find_by_login(std::string_view login) const = 0;
  /// In the order of their registration.
  virtual std::vector<Person> of_recipient(std::string_view recipient) const = 0;
  /// False if unknown or already disabled. No session and no invitation is left.
  virtual bool disable(const PersonId& id, core::Time now) = 0;
  /// False if unknown or not disabled.
  virtual bool enable(const PersonId& id) = 0;
  /// Name and address from now on. A link to choose a password that went to another address opens
  /// nothing any more.
  virtual void change(const PersonId& id, std::string_view name, std::string_view email) = 0;

  /// Takes the place of an earlier one for the same person. False if that is unknown or disabled.
  virtual bool invite(const Invitation& invitation) = 0;
  /// Whose invitation this is, if it can be taken up still.
  virtual std::optional<Person> invited(const core::Sha256& hash, core::Time now) const = 0;
  /// Takes it up: the password is the person's from then on, whatever stood beside the one before
  /// is gone, passkeys, application passwords and the tie to an identity provider too. False if it
  /// cannot be taken up, or was meanwhile: of two at once one succeeds.
  virtual bool accept(const core::Sha256& hash, std::string_view password_hash, core::Time now) = 0;

  /// Whose link to choose a password anew this is (CorrespondenceStore), if it opens still.
  virtual std::optional<Person> resetting(const core::Sha256& hash, core::Time now) const = 0;
  /// As accept(), but the second factor stays.
  virtual bool reset_password(const core::Sha256& hash, std::string_view password_hash,
                              core::Time now) = 0;

  /// `nullopt` if unknown.
  virtual std::optional<Secrets> secrets(const PersonId& id) const = 0;
  /// False, and nothing is done, if it is no longer `before`.
  virtual bool set_password(const PersonId& id, std::string_view before, std::string_view after,
                            core::Time now) = 0;
  /// The same password, hashed anew: nothing ends. Nothing is done if it is no longer `before`.
  virtual void rehash(const PersonId& id, std::string_view before, std::string_view after) = 0;
  /// Until an authenticator shows that it has it.
  virtual void offer_totp(const PersonId& id, core::ByteView box) = 0;
  /// What was offered becomes the second factor, of which the code of `step` was used. False if
  /// something else is offered meanwhile.
  virtual bool enrol_totp(const PersonId& id, core::ByteView offered_box, std::int64_t step,
                          const std::vector<core::Sha256>& recovery_codes, core::Time now) = 0;
  virtual void remove_totp(const PersonId& id) = 0;
  /// False if a code of this step, or of a later one, was used: of two at once one succeeds.
  virtual bool use_step(const PersonId& id, std::int64_t step) = 0;
  /// False if the person has no such code, or has used it.
  virtual bool use_recovery_code(const PersonId& id, const core::Sha256& hash) = 0;

 protected:
  PersonStore() = default;
};

}  // namespace sekisho::access
