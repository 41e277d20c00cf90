// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/secret_text.h"

#include <gtest/gtest.h>

#include "access/person.h"
#include "access/session.h"
#include "support/addresses.h"

namespace sekisho::access {
namespace {

TEST(SecretText, IsKnownByItsHash) {
  const NewSecret secret = new_secret(SecretKind::session);
  EXPECT_EQ(secret.text.size(), 47U);
  EXPECT_EQ(secret_hash(SecretKind::session, secret.text), secret.hash);
  EXPECT_NE(new_secret(SecretKind::session).text, secret.text);
}

TEST(SecretText, OfOneKindIsNoneOfAnother) {
  const NewSecret invitation = new_secret(SecretKind::invitation);
  EXPECT_TRUE(new_secret(SecretKind::application).text.starts_with("ska_"));
  EXPECT_FALSE(secret_hash(SecretKind::application, invitation.text));
  EXPECT_FALSE(secret_hash(SecretKind::session, invitation.text));
  EXPECT_FALSE(secret_hash(SecretKind::session, ""));
  EXPECT_FALSE(secret_hash(SecretKind::session, "sks_" + std::string(42, 'A')));
  EXPECT_FALSE(secret_hash(SecretKind::session, "sks_" + std::string(42, 'A') + "!"));
}

TEST(Login, IsReadWithoutCase) {
  EXPECT_EQ(parse_login("Sato.K@Kaga.example"), "sato.k@kaga.example");
  EXPECT_EQ(parse_login("sato"), "sato");
  for (const char* text : {"", "ab", ".sato", "sa to", "佐藤佐藤", "sato\n"}) {
    EXPECT_FALSE(parse_login(text)) << text;
  }
  EXPECT_TRUE(parse_login(std::string(64, 'a')));
  EXPECT_FALSE(parse_login(std::string(65, 'a')));
}

TEST(Session, IsOfOneAddressFamily) {
  EXPECT_EQ(family_of(tests::address("10.0.0.1")), AddressFamily::ipv4);
  EXPECT_EQ(family_of(tests::address("::ffff:10.0.0.1")), AddressFamily::ipv4);
  EXPECT_EQ(family_of(tests::address("2001:db8::1")), AddressFamily::ipv6);
}

}  // namespace
}  // namespace sekisho::access
