// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "access/open_stores.h"
#include "access/password_hasher.h"
#include "access/secret_text.h"
#include "core/time.h"

namespace sekisho::tests {

inline constexpr const char* kClinic = "0123456789abcdef0123456789abcdef";

/// A moment written as "2026-01-31T09:00:00Z".
inline core::Time moment(std::string_view rfc3339) { return core::parse_rfc3339(rfc3339).value(); }

inline access::Person a_person(std::string login = "sato") {
  access::Person person;
  person.id = access::PersonId::random();
  person.recipient = kClinic;
  person.login = std::move(login);
  person.name = "Sato Kyoko";
  person.created_at = moment("2026-01-15T00:00:00Z");
  return person;
}

inline access::Session a_session(const access::Person& of, core::Time now) {
  access::Session session;
  session.id = access::SessionId::random();
  session.recipient = of.recipient;
  session.person = of.id;
  session.level = access::Level::password;
  session.source = "10.20.0.7";
  session.begun_at = session.used_at = now;
  return session;
}

/// One whose credential is `which`, 16 times.
inline access::Passkey a_passkey(const access::Person& of, core::Byte which) {
  access::Passkey passkey;
  passkey.id = access::PasskeyId::random();
  passkey.person = of.id;
  passkey.credential = core::Bytes(16, which);
  passkey.algorithm = -7;
  passkey.public_key = core::Bytes(64, 0x5A);
  passkey.signatures = 7;
  passkey.name = "my key";
  passkey.created_at = moment("2026-02-01T09:00:00Z");
  return passkey;
}

/// Cheap enough for tests.
inline access::PasswordHasher::Settings quick_hashing() {
  access::PasswordHasher::Settings settings;
  settings.memory_kib = 64;
  settings.passes = 1;
  return settings;
}

/// Somewhere to keep people and sessions, empty at first, and gone with this.
class AccessHouse {
 public:
  virtual ~AccessHouse() = default;
  AccessHouse(const AccessHouse&) = delete;
  AccessHouse& operator=(const AccessHouse&) = delete;
  /// Each time over connections of their own, as another process has them. This outlives them.
  virtual access::Stores open() = 0;

 protected:
  AccessHouse() = default;
};

using MakeAccessHouse = std::function<std::unique_ptr<AccessHouse>()>;

/// What the contracts of the stores stand on.
class AccessContract : public ::testing::TestWithParam<MakeAccessHouse> {
 protected:
  const std::unique_ptr<AccessHouse> house = GetParam()();
  access::Stores stores = house->open();
  access::Stores others = house->open();  ///< another process's
  const core::Time now = moment("2026-02-01T09:00:00Z");
};

}  // namespace sekisho::tests
