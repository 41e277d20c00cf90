// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>

#include "access/accounts.h"
#include "access/one_time_code.h"
#include "access/password_resets.h"
#include "access/sign_in.h"
#include "support/access_house.h"
#include "support/addresses.h"
#include "support/temporary_directory.h"

namespace sekisho::access {

inline constexpr std::string_view kPassword = "mountain river 7 lake";

/// A door with its stores on disk, at nine o'clock on 1 February 2026.
class PeopleAtTheDoor : public testing::Test {
 protected:
  /// Somebody with a password.
  Person somebody(const std::string& login = "sato") {
    const Person person = tests::a_person(login);
    stores.people->insert(person);
    const auto turn = hasher.enter("nowhere");
    stores.people->set_password(person.id, "", hasher.hash(*turn, kPassword), now);
    return person;
  }
  NewSecret invitation_for(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::invitation);
    stores.people->invite(
        {InvitationId::random(), person.id, secret.hash, now, now + std::chrono::days(7)});
    return secret;
  }
  /// The link that the person has asked for.
  NewSecret reset_of(const Person& person) {
    const NewSecret secret = new_secret(SecretKind::reset);
    stores.correspondence->answer(
        0, {InvitationId::random(), person.id, secret.hash, now, now + kResetLasts},
        mail::warning_letter({"sato@kita.example", "ja", "https://share.example", now}));
    return secret;
  }
  std::variant<Admitted, Refusal, PasswordFlaw> reset(const NewSecret& secret,
                                                      const std::string& password,
                                                      const std::string& code = {}) {
    return door.by_reset(secret.text, {"", password, code, ""}, kDesk, may_come, now, record);
  }
  std::variant<Admitted, Refusal> sign_in(const Credentials& shown,
                                          const core::IpAddress& from = kDesk) {
    return door.by_password(shown, from, may_come, now);
  }
  /// Enrols an authenticator; its first code is used.
  RecoveryCodes enrolled(const Person& person) {
    auto offered = accounts.offer_totp(person, kPassword, kDesk, now);
    authenticator = std::get<core::Secret>(std::move(offered));
    return std::get<RecoveryCodes>(accounts.enrol_totp(person, code(), kDesk, now, record));
  }
  /// What the authenticator shows.
  std::string code() const {
    return hotp(authenticator.view(), static_cast<std::uint64_t>(totp_step(now)), 6);
  }

  static inline const core::IpAddress kDesk = tests::address("10.20.0.7");
  static inline const core::IpAddress kElsewhere = tests::address("10.20.0.8");

  tests::TemporaryDirectory directory;
  Stores stores = open_stores(AccessPlace::in(directory.path()));
  PasswordHasher hasher{tests::quick_hashing()};
  SignIn door{stores, hasher};
  Accounts accounts{stores, hasher};
  core::Time now = tests::moment("2026-02-01T09:00:00Z");
  MayCome may_come = [](const std::string&) { return true; };
  core::Secret authenticator;
  int recorded = 0;  ///< changes that were put on record
  Record record = [this](const Person&) { ++recorded; };
};

inline Refusal refusal_of(const std::variant<Admitted, Refusal>& answer) {
  EXPECT_TRUE(std::holds_alternative<Refusal>(answer));
  return std::get<Refusal>(answer);
}

}  // namespace sekisho::access
