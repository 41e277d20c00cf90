// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "access/sqlite/schema.h"
#include "core/database.h"
#include "support/application_password_store_contract.h"
#include "support/attempt_store_contract.h"
#include "support/correspondence_store_contract.h"
#include "support/identity_store_contract.h"
#include "support/outbox_contract.h"
#include "support/passkey_store_contract.h"
#include "support/person_store_contract.h"
#include "support/session_store_contract.h"
#include "support/temporary_directory.h"

namespace sekisho::access {
namespace {

class SqliteHouse : public tests::AccessHouse {
 public:
  Stores open() override { return open_stores(place_); }

 private:
  tests::TemporaryDirectory directory_;
  AccessPlace place_ = AccessPlace::in(directory_.path());
};

const auto kSqlite = testing::Values([] { return std::make_unique<SqliteHouse>(); });

INSTANTIATE_TEST_SUITE_P(Sqlite, PersonStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, PasskeyStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, ApplicationPasswordStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, IdentityStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, SessionStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, AttemptStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, CorrespondenceStoreContract, kSqlite);
INSTANTIATE_TEST_SUITE_P(Sqlite, OutboxContract, kSqlite);

/// What holds of access.db beyond the contracts.
class AccessFile : public testing::Test {
 protected:
  AccessFile() { stores.people->insert(sato); }

  std::string content() const {
    std::string all;
    for (const char* behind : {"", "-wal"}) {
      std::ifstream in(place.database.string() + behind, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

  tests::TemporaryDirectory directory;
  AccessPlace place = AccessPlace::in(directory.path());
  Stores stores = open_stores(place);
  const Person sato = tests::a_person();
  const core::Time now = tests::moment("2026-02-01T09:00:00Z");
};

TEST_F(AccessFile, IsItsOwnersAlone) {
  for (const auto& file : {place.database, place.key}) {
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << file;
  }
}

TEST_F(AccessFile, HoldsNoSecret) {
  const NewSecret invitation = new_secret(SecretKind::invitation);
  const NewSecret session = new_secret(SecretKind::session);
  stores.people->invite(
      {InvitationId::random(), sato.id, invitation.hash, now, now + std::chrono::days(7)});
  stores.sessions->begin(tests::a_session(sato, now), session.hash);
  stores.attempts->begin(Counted::account,
                         stores.key.name_of(Counted::account, "typed in the wrong field"), now);
  const core::Secret totp(core::Bytes(20, 0x5A));
  stores.people->offer_totp(sato.id, stores.key.seal(sato.id, totp));
  stores.correspondence->ask({0, "typed beside the field", "10.20.0.7", "request", "", now});
  stores.outbox->put(mail::reset_letter({"sato@kita.example", "en", "https://share.example", now},
                                        "https://share.example/r/0#skr_a-link",
                                        now + std::chrono::minutes(30)));
  const std::string all = content();
  EXPECT_NE(all.find("sato"), std::string::npos);
  for (const char* sealed : {"typed beside the field", "skr_a-link", "sato@kita.example"}) {
    EXPECT_EQ(all.find(sealed), std::string::npos) << sealed;
  }
  for (const std::string& secret : {invitation.text, session.text}) {
    EXPECT_EQ(all.find(secret.substr(4)), std::string::npos);
  }
  EXPECT_EQ(all.find("typed in the wrong field"), std::string::npos);
  EXPECT_EQ(all.find(std::string(20, 0x5A)), std::string::npos);
}

TEST_F(AccessFile, RefusesWhatNoneOfUsWouldDo) {
  stores.passkeys->insert(tests::a_passkey(sato, 1));
  stores.identities->link(sato.id, {"https://id.example", "u-7"}, now);
  const auto hash = new_secret(SecretKind::session).hash;
  stores.sessions->begin(tests::a_session(sato, now), hash);
  auto database = core::db::open(place.database);
  for (const char* sql : {
           "DELETE FROM person",
           "UPDATE person SET login = 'suzuki'",
           "UPDATE person SET totp_step = -1",
           "UPDATE session SET level = 'password+totp'",
           "UPDATE session SET begun_at = begun_at + 1",
           "UPDATE session SET person = NULL",
           "DELETE FROM access_key",
           "UPDATE passkey SET public_key = x'00'",
           "UPDATE passkey SET person = ''",
           "UPDATE passkey SET signatures = signatures - 1",
           "UPDATE session SET began_by = 'provider'",
           "UPDATE identity SET subject = 'u-8'",
           "UPDATE identity SET issuer = ''",
       }) {
    EXPECT_THROW(database.exec(sql), core::db::Error) << sql;
  }
}

TEST_F(AccessFile, OfTheFirstVersionKeepsItsPeople) {
  {
    auto database = core::db::open(place.database);
    for (const char* table :
         {"identity", "letter", "reset_request", "reset", "passkey", "application_password"}) {
      database.exec(std::string("DROP TABLE ") + table);
    }
    database.exec("DROP TRIGGER session_stays_as_it_began");
    database.exec("ALTER TABLE session DROP COLUMN began_by");
    database.exec("ALTER TABLE person DROP COLUMN email");
    database.exec("ALTER TABLE person DROP COLUMN warned_at");
    database.exec("PRAGMA user_version = 1");
  }
  Stores later = open_stores(place);
  ASSERT_TRUE(later.people->find(sato.id));
  EXPECT_EQ(later.people->find(sato.id)->email, "");
  later.people->change(sato.id, "Sato", "sato@kita.example");
  EXPECT_EQ(stores.people->find(sato.id)->email, "sato@kita.example");
  EXPECT_TRUE(later.passkeys->insert(tests::a_passkey(sato, 1)));
  EXPECT_TRUE(later.identities->link(sato.id, {"https://id.example", "u-7"}, now));
}

TEST_F(AccessFile, OfANewerVersionIsRefused) {
  core::db::open(place.database).exec("PRAGMA user_version = 99");
  EXPECT_THROW(open_stores(place), core::db::Error);
}

// A blocked login was answered one sync of the disk sooner than one that was heard.
TEST_F(AccessFile, WhetherALoginIsBlockedCannotBeToldByTheDisk) {
  auto watching = core::db::open_read_only(place.database);
  const auto version = [&] { return watching.execAndGet("PRAGMA data_version").getInt(); };
  const core::Sha256 name = stores.key.name_of(Counted::account, "sato");
  for (int attempt = 0; attempt < 10; ++attempt) {
    const int before = version();
    const bool is_heard =
        stores.attempts->begin(Counted::account, name, now + std::chrono::seconds(attempt));
    EXPECT_EQ(is_heard, attempt < 5);
    EXPECT_NE(version(), before) << attempt;
  }
}

TEST_F(AccessFile, GoesWithItsKeyAndNoOther) {
  std::filesystem::remove(place.key);
  EXPECT_THROW(open_stores(place), AccessKeyError);
  EXPECT_FALSE(std::filesystem::exists(place.key));
  AccessKey::of_file(place.key);
  EXPECT_THROW(open_stores(place), AccessKeyError);
}

}  // namespace
}  // namespace sekisho::access
