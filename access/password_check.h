// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>

#include "access/open_stores.h"
#include "access/password_hasher.h"
#include "access/person.h"
#include "access/refusal.h"
#include "core/network.h"
#include "core/time.h"

namespace sekisho::access {

/// Who tries, and from where.
struct Claimant {
  std::string_view login;  ///< as it was given, whether anybody has it or not
  const core::IpAddress& source;
};

/// The one place where passwords are compared: each attempt waits for its turn, is counted before
/// it is looked at, and takes as long whatever is wrong with it. Any thread.
class PasswordCheck {
 public:
  /// Both outlive this.
  PasswordCheck(Stores& stores, PasswordHasher& hasher) : stores_(stores), hasher_(hasher) {}

  /// The password was right. What was counted stays counted until settle().
  struct Passed {
    PasswordHasher::Turn turn;
    Secrets secrets;
  };
  /// Compares with the password of `person`; null: there is nobody of that name. The failure is
  /// counted of the login and of the site.
  std::variant<Passed, Refusal> check(const Claimant& claimant, const Person* person,
                                      std::string_view password, core::Time now);
  /// For a person who may not come from there: the same to whoever waits, and counted of the site
  /// alone, for nobody shall be kept out by strangers.
  Refusal check_foreigner(const Claimant& claimant, std::string_view password, core::Time now);
  /// For a code that is shown without a password: whether the login is listened to.
  bool begin_of_account(const Claimant& claimant, core::Time now);
  /// All of the attempt succeeded: it was none.
  void settle(const Claimant& claimant);

  /// For a secret that is no password: whether the site is listened to.
  bool begin_at_site(const core::IpAddress& source, core::Time now);
  void settle_at_site(const core::IpAddress& source);

 private:
  core::Sha256 account_name(const Claimant& claimant) const;
  core::Sha256 site_name(const core::IpAddress& source) const;

  Stores& stores_;
  PasswordHasher& hasher_;
};

}  // namespace sekisho::access
