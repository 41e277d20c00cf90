// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "access/open_stores.h"
#include "access/password_check.h"
#include "access/password_hasher.h"
#include "access/password_policy.h"
#include "access/person.h"
#include "access/recovery_codes.h"
#include "access/refusal.h"
#include "access/secret_text.h"
#include "core/network.h"
#include "core/secret.h"
#include "core/time.h"

namespace sekisho::access {

struct Done {};

/// What people who have signed in do about their own ways in. Each asks for the password: a session
/// may be somebody else's by then. What changes something ends all sessions of the person: the
/// caller begins a new one. Any thread; waits and throws as SignIn does.
class Accounts {
 public:
  /// Both outlive this.
  Accounts(Stores& stores, PasswordHasher& hasher)
      : stores_(stores), hasher_(hasher), check_(stores, hasher) {}

  std::variant<Done, Refusal, PasswordFlaw> change_password(const Person& person,
                                                            std::string_view password,
                                                            std::string_view next,
                                                            const core::IpAddress& source,
                                                            core::Time now, const Record& record);
  /// The secret of an authenticator, to be enrolled by a code of it; one that was offered before is
  /// offered no longer. Ends nothing.
  std::variant<core::Secret, Refusal> offer_totp(const Person& person, std::string_view password,
                                                 const core::IpAddress& source, core::Time now);
  /// What was offered is the person's second factor from now on, in place of an earlier one.
  std::variant<RecoveryCodes, Refusal> enrol_totp(const Person& person, std::string_view code,
                                                  const core::IpAddress& source, core::Time now,
                                                  const Record& record);
  /// Only beside a password that is good enough alone.
  std::variant<Done, Refusal, PasswordFlaw> remove_totp(const Person& person,
                                                        std::string_view password,
                                                        const core::IpAddress& source,
                                                        core::Time now, const Record& record);

  /// Shown once. Ends nothing. Refusal::too_many where the person has kMostApplicationPasswords.
  std::variant<NewSecret, Refusal> add_application_password(const Person& person,
                                                            std::string_view password,
                                                            const ApplicationPassword& made,
                                                            const core::IpAddress& source,
                                                            core::Time now, const Record& record);

 private:
  Stores& stores_;
  PasswordHasher& hasher_;
  PasswordCheck check_;
};

}  // namespace sekisho::access
