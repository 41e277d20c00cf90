// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/share_expiries.h"

#include <gtest/gtest.h>

#include <memory>

#include "audit/initialise.h"
#include "core/database.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/fake_machine.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::plugin {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

class ShareExpiriesTest : public ::testing::Test {
 protected:
  ShareExpiriesTest() { recipients_.insert(clinic_); }

  sharing::Share new_share() {
    const sharing::Share share = tests::a_share(clinic_.id);
    shares_.insert(share);
    return share;
  }
  void record() {
    ShareExpiries({shares_, recipients_, *log_, [this] { return now_; }}, place_).record();
  }
  std::vector<audit::Entry> entries() {
    audit::LogReader reader(place_.database);
    std::vector<audit::Entry> found;
    for (const auto& each : reader.entries(1, 1000, 1000)) found.push_back(each.entry);
    return found;
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
  sharing::Recipient clinic_ = tests::a_recipient();
  sharing::SqliteRecipientStore recipients_{sharing::SharingPlace::in(directory_.path())};
  sharing::SqliteShareStore shares_{sharing::SharingPlace::in(directory_.path())};
};

TEST_F(ShareExpiriesTest, AreOnRecordOnceAndNotBefore) {
  const sharing::Share share = new_share();
  now_ = share.expires_at - microseconds(1);
  record();
  EXPECT_TRUE(entries().empty());
  now_ = share.expires_at;
  record();
  now_ += hours(1);
  record();
  ASSERT_EQ(entries().size(), 1U);
  const audit::Entry entry = entries().front();
  EXPECT_EQ(entry.event, "share.expire");
  EXPECT_EQ(entry.share, share.id.text());
  EXPECT_EQ(entry.facts.at("expired_at"), core::to_rfc3339(share.expires_at));
  EXPECT_FALSE(entry.subjects.empty()) << "the patient's and the recipient's history have it";
}

TEST_F(ShareExpiriesTest, OfARevokedShareThereIsNone) {
  const sharing::Share share = new_share();
  shares_.revoke(share.id, "", now_);
  now_ = share.expires_at + hours(1);
  record();
  EXPECT_TRUE(entries().empty());
}

TEST_F(ShareExpiriesTest, OfAShareWhoseKeyIsDestroyedAreOnRecordAllTheSame) {
  const sharing::Share share = new_share();
  now_ = share.expires_at;
  ASSERT_TRUE(shares_.destroy_mask_key(share.id, now_));
  record();
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(ShareExpiriesTest, ComeWithTheNextStartWhereTheProcessWentBeforeTheEntry) {
  const sharing::Share share = new_share();
  now_ = share.expires_at;
  shares_.begin_expiry(share.id, log_->head().size);
  record();
  EXPECT_EQ(entries().size(), 1U);
}

TEST_F(ShareExpiriesTest, AreNotRepeatedWhereTheProcessWentAfterTheEntry) {
  const sharing::Share share = new_share();
  const sharing::Share other = new_share();
  now_ = share.expires_at;
  shares_.begin_expiry(share.id, log_->head().size);
  audit::Event event;
  event.code = audit::EventCode::share_expire;
  event.share_id = share.id.text();
  log_->append(event);
  record();
  ASSERT_EQ(entries().size(), 2U);
  EXPECT_EQ(entries().back().share, other.id.text());
  record();
  EXPECT_EQ(entries().size(), 2U);
}

TEST_F(ShareExpiriesTest, WaitForALogThatCanBeWritten) {
  const sharing::Share share = new_share();
  now_ = share.expires_at;
  {
    core::db::Database database(place_.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }
  EXPECT_THROW(record(), audit::AuditError);
  EXPECT_EQ(shares_.expired(now_, 10).size(), 1U);
}

TEST_F(ShareExpiriesTest, OfMoreSharesThanOneRoundTakesComeAll) {
  for (int i = 0; i < 250; ++i) new_share();
  now_ += hours(100'000);
  for (int round = 0; round < 3; ++round) record();
  EXPECT_EQ(entries().size(), 250U);
}

TEST_F(ShareExpiriesTest, ComeWithTheNextStartWhereTheProcessIsToEnd) {
  const sharing::Share share = new_share();
  now_ = share.expires_at;
  std::stop_source stopping;
  stopping.request_stop();
  ShareExpiries({shares_, recipients_, *log_, [this] { return now_; }}, place_)
      .record(core::Demand(stopping.get_token()));
  EXPECT_TRUE(entries().empty());
  record();
  EXPECT_EQ(entries().size(), 1U);
}

}  // namespace
}  // namespace sekisho::plugin
