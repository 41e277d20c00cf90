// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/correspondence.h"

#include <gtest/gtest.h>

#include <memory>

#include "access/password_resets.h"
#include "access/secret_text.h"
#include "audit/initialise.h"
#include "audit/store/log_reader.h"
#include "core/database.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "support/access_house.h"
#include "support/fake_machine.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

/// A clinic of 10.20.0.0/24 with Sato, who has a password and a mail address.
class CorrespondenceTest : public ::testing::Test {
 protected:
  CorrespondenceTest() {
    clinic_.networks = {core::Network::parse("10.20.0.0/24").value()};
    recipients_.insert(clinic_);
    sato_ = registered("sato");
  }

  access::Person registered(const std::string& login, const std::string& email = "a@b.example") {
    access::Person person = tests::a_person(login);
    person.recipient = clinic_.id.text();
    person.email = email;
    access_.people->insert(person);
    access_.people->set_password(person.id, "", "a hash", now_);
    return person;
  }
  void ask(const std::string& login, const std::string& source = "10.20.0.7") {
    access_.correspondence->ask({0, login, source, "request-1", "a browser", now_});
  }
  Correspondence correspondence(Writes writes = Writes::mail) {
    return {{access_, recipients_, *log_, denials_, [this] { return now_; }},
            "https://share.hospital.example",
            writes};
  }
  std::vector<audit::Entry> entries() {
    audit::LogReader reader(place_.database);
    std::vector<audit::Entry> found;
    for (const auto& each : reader.entries(1, 1000, 1000)) found.push_back(each.entry);
    return found;
  }
  std::optional<mail::Letter> letter() {
    const auto waiting = access_.outbox->next(now_);
    if (!waiting) return std::nullopt;
    access_.outbox->sent(waiting->letter.id);
    return waiting->letter;
  }

  tests::TemporaryDirectory directory_;
  core::Time now_ = tests::at("2026-02-10T12:00:00Z");
  core::Clock clock_ = [this] { return now_; };
  audit::AuditPlace place_ = [this] {
    const auto place = audit::AuditPlace::in(directory_.path());
    audit::initialise(place, "hospital.example/log", clock_, tests::uptime_of(clock_));
    return place;
  }();
  std::unique_ptr<audit::AuditLog> log_ = std::make_unique<audit::AuditLog>(
      place_, clock_, [](core::Severity, std::string_view) {}, tests::uptime_of(clock_));
  disclosure::Denials denials_{*log_, clock_};
  sharing::Recipient clinic_ = tests::a_recipient();
  sharing::SqliteRecipientStore recipients_{sharing::SharingPlace::in(directory_.path())};
  access::Stores access_ = access::open_stores(access::AccessPlace::in(directory_.path()));
  access::Person sato_;
};

TEST_F(CorrespondenceTest, WhoHasForgottenTheirPasswordIsSentALinkThatOpensAndIsOnRecord) {
  ask("Sato");
  correspondence().work({});
  const auto sent = letter();
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->to, "a@b.example");
  EXPECT_EQ(sent->useful_until, now_ + access::kResetLasts);
  const auto at = sent->text.find("https://share.hospital.example/r/");
  ASSERT_NE(at, std::string::npos);
  const std::string link = sent->text.substr(at, sent->text.find('\n', at) - at);
  const std::string secret = link.substr(link.find('#') + 1);
  const auto hash = access::secret_hash(access::SecretKind::reset, secret);
  ASSERT_TRUE(hash);
  EXPECT_EQ(access_.people->resetting(*hash, now_)->id, sato_.id);
  EXPECT_TRUE(access_.correspondence->asked(1).empty());
  ASSERT_EQ(entries().size(), 1U);
  const audit::Entry entry = entries().front();
  EXPECT_EQ(entry.event, "credential.change");
  EXPECT_EQ(entry.facts.at("change"), "reset_link");
  EXPECT_EQ(entry.source, "10.20.0.7");
  EXPECT_EQ(entry.facts.at("person"), sato_.id.text());
  correspondence().work({});
  EXPECT_FALSE(letter());
}

TEST_F(CorrespondenceTest, TheLetterIsInTheRecipientsLanguage) {
  clinic_.language = "en";
  recipients_.change(clinic_);
  ask("sato");
  correspondence().work({});
  EXPECT_EQ(letter()->subject, "Choose a new password");
}

TEST_F(CorrespondenceTest, WhoGetsNoLinkIsKnownToTheLogAlone) {
  registered("addressless", "");
  access_.people->disable(registered("disabled").id, now_);
  access::Person invited = tests::a_person("invited");
  invited.recipient = clinic_.id.text();
  access_.people->insert(invited);
  const struct {
    std::string login, source, why;
  } kRequests[] = {
      {"nobody", "10.20.0.7", "unknown_person"},      {"no login\n", "10.20.0.7", "unknown_person"},
      {"sato", "10.30.0.7", "foreign_person"},        {"sato", "no address", "foreign_person"},
      {"disabled", "10.20.0.7", "disabled_person"},   {"invited", "10.20.0.7", "no_password"},
      {"addressless", "10.20.0.7", "no_mail_address"}};
  for (const auto& request : kRequests) {
    ask(request.login, request.source);
    correspondence().work({});
    EXPECT_FALSE(letter()) << request.why;
    EXPECT_EQ(entries().back().event, "denial");
    EXPECT_EQ(entries().back().detail, request.why);
    EXPECT_TRUE(access_.correspondence->asked(1).empty());
  }
  ask("sato");
  correspondence(Writes::nothing).work({});
  EXPECT_EQ(entries().back().detail, "no_mail_server");
  recipients_.disable(clinic_.id, now_);
  ask("sato");
  correspondence().work({});
  EXPECT_EQ(entries().back().detail, "foreign_person");
  EXPECT_FALSE(letter());
}

TEST_F(CorrespondenceTest, NoLinkIsMadeThatCannotBeOnRecord) {
  ask("sato");
  {
    core::db::Database database(place_.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }
  EXPECT_THROW(correspondence().work({}), audit::AuditError);
  EXPECT_FALSE(letter());
  EXPECT_EQ(access_.correspondence->asked(10).size(), 1U);
}

TEST_F(CorrespondenceTest, ARightPasswordWithoutTheRightCodeIsToldItsOwnerOnceAnHour) {
  Correspondence correspondence = this->correspondence();
  const auto told = [&] {
    correspondence.note(sato_.id, access::Notice::password_was_right);
    correspondence.work({});
    return letter().has_value();
  };
  EXPECT_TRUE(told());
  now_ += std::chrono::minutes(59);
  EXPECT_FALSE(told());
  now_ += std::chrono::minutes(1);
  EXPECT_TRUE(told());
  correspondence.work({});
  EXPECT_FALSE(letter());
  correspondence.note(registered("addressless", "").id, access::Notice::password_was_right);
  correspondence.work({});
  EXPECT_FALSE(letter());
}

TEST_F(CorrespondenceTest, EachChangeOfWhatSomebodySignsInWithIsToldThem) {
  Correspondence correspondence = this->correspondence();
  for (int change = 0; change < 2; ++change) {
    correspondence.note(sato_.id, access::Notice::credential_changed);
    correspondence.work({});
    const auto told = letter();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->to, "a@b.example");
    EXPECT_EQ(told->subject, "ログイン方法が変更されました");
  }
}

}  // namespace
}  // namespace sekisho::plugin
