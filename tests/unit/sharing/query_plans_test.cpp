// SPDX-License-Identifier: GPL-3.0-or-later
// No request reads a whole table: what the stores run while they are asked is explained by SQLite.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>
#include <string>
#include <utility>

#include "core/database.h"
#include "sharing/sqlite/sqlite_consent_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"

namespace sekisho::sharing {
namespace {

std::set<std::string>& run() {
  static std::set<std::string> statements;
  return statements;
}

/// Remembers what every connection runs that is opened while this lives; those of triggers stand
/// in the plan of what sets them off.
class Listening {
 public:
  Listening() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(listen)); }
  ~Listening() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(listen)); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

 private:
  static int listen(sqlite3* database, const char**, const void*) {
    return sqlite3_trace_v2(
        database, SQLITE_TRACE_STMT,
        [](unsigned, void*, void* statement, void*) {
          run().insert(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
          return 0;
        },
        nullptr);
  }
};

class QueryPlans : public testing::Test {
 protected:
  QueryPlans() {
    recipients.insert(clinic);
    shares.insert(share);
    run().clear();
  }
  /// What was run since, each with the lines of its plan.
  void expect_no_scan() {
    auto database = core::db::open(place.database);
    for (const std::string& sql : std::exchange(run(), {})) {
      if (sql.starts_with("PRAGMA") || sql.starts_with("BEGIN") || sql.starts_with("COMMIT") ||
          sql.starts_with("ROLLBACK")) {
        continue;
      }
      core::db::Statement plan(database, "EXPLAIN QUERY PLAN " + sql);
      while (plan.executeStep()) {
        const std::string line = plan.getColumn(3);
        const bool is_small = line.starts_with("SCAN CONSTANT ROW") ||
                              line == "SCAN wrapping_key" ||
                              line.ends_with(" USING INDEX recipient_that_is_disabled") ||
                              line.find("VIRTUAL TABLE INDEX") != std::string::npos;
        EXPECT_TRUE(is_small || !line.starts_with("SCAN")) << line << " of " << sql;
      }
    }
  }
  void list(const ShareFilter& filter) {
    shares.list(filter, now);
    SCOPED_TRACE("a list");
    expect_no_scan();
  }

  Listening listening;
  tests::TemporaryDirectory directory;
  SharingPlace place = SharingPlace::in(directory.path());
  SqliteRecipientStore recipients{place};
  SqliteShareStore shares{place};
  SqliteConsentStore consents{place};
  const Recipient clinic = tests::a_recipient();
  Share share = tests::a_share(clinic.id);
  const core::Time now = tests::at("2026-02-10T00:00:00Z");
  const core::Time later = tests::at("2026-04-01T00:00:00Z");
};

TEST_F(QueryPlans, OfTheDoorReadNoWholeTable) {
  const auto token = recipients.add_token(clinic.id, "viewer", later, now);
  recipients.find(clinic.id);
  recipients.find_token(token->text);
  recipients.find_certificate(core::Sha256{});
  shares.find(share.id);
  shares.find_by_link(share.link_hash);
  shares.live_for(clinic.id, now);
  shares.is_live(share.id, now);
  shares.mask_key(share.id);
  const ReturnedObject object{*core::Uid::parse("1.1"), *core::Uid::parse("1.2"),
                              *core::Uid::parse("1.3"), *core::Uid::parse("1.4")};
  shares.add_returned(share.id, object, now);
  shares.confirm_returned(share.id, object.instance, now);
  shares.returned(share.id);
  shares.returned_elsewhere(share.id, object.archived_series);
  EXPECT_GT(run().size(), 10U);
  expect_no_scan();
}

TEST_F(QueryPlans, OfActsOfStaffReadNoWholeTable) {
  const CreationKey key{{1}, {2}, now};
  shares.insert(tests::a_share(clinic.id), new_mask_key(), key, ConsentRule::required);
  recipients.find_creation(key);
  shares.extend(share.id, {later, now, "tanaka", ""}, ConsentRule::required);
  Share awaiting = tests::a_share(clinic.id);
  awaiting.needs_approval = true;
  shares.insert(awaiting);
  shares.approve(awaiting.id, Approval{now, "suzuki"});
  const auto series = tests::series_key("P1", "1.2.3", "1.2.3.1");
  shares.approve(share.id, series, "tanaka", now);
  shares.withdraw_approval(share.id, series, "tanaka", now);
  shares.revoke(awaiting.id, "", now);
  shares.begin_expiry(share.id, 1);
  shares.end_expiry(share.id, now);
  shares.expired(now, 100);
  recipients.change(clinic);
  recipients.add_network(clinic.id, *core::Network::parse("10.9.0.0/16"));
  recipients.remove_network(clinic.id, *core::Network::parse("10.9.0.0/16"));
  recipients.disable(clinic.id, now);
  recipients.enable(clinic.id);
  recipients.tokens(clinic.id);
  recipients.certificates(clinic.id);
  recipients.look_alikes(clinic);
  EXPECT_GT(run().size(), 20U);
  expect_no_scan();
}

/// All of it is wanted, after each change; not a look at each recipient, in no order.
TEST_F(QueryPlans, OfNetworksReadOneIndex) {
  recipients.networks_in_use();
  ASSERT_EQ(run().size(), 1U);
  const std::string sql = *run().begin();
  auto database = core::db::open(place.database);
  core::db::Statement plan(database, "EXPLAIN QUERY PLAN " + sql);
  ASSERT_TRUE(plan.executeStep());
  EXPECT_EQ(plan.getColumn(3).getString(),
            "SCAN recipient_network USING COVERING INDEX network_in_use");
}

TEST_F(QueryPlans, OfConsentsReadNoWholeTable) {
  Consent consent;
  consent.id = ConsentId::random();
  consent.patient_id = "P1";
  consent.purpose = "TREAT";
  consent.valid_from = share.not_before;
  consent.valid_until = later;
  consents.insert(consent, std::nullopt);
  consents.find(consent.id);
  consents.longest("P1", "TREAT", now);
  consents.list({.patient_id = "P1"}, now);
  const auto ending = consents.ended_without(consent.id, now);
  ASSERT_EQ(ending, std::vector{share.id});
  consents.withdraw(consent.id, {now, "tanaka", ""}, ending);
  consents.ended_shares(consent.id);
  EXPECT_GT(run().size(), 8U);
  expect_no_scan();
}

TEST_F(QueryPlans, OfListsOfStaffReadNoWholeTable) {
  list({.recipient = clinic.id});
  list({.patient_id = "P1"});
  list({.study = core::Uid::parse("1.2.3"), .patients_of_study = {"P1", "P2"}});
  list({.person = std::string(32, 'a')});
  for (const ListOrder order : {ListOrder::oldest_first, ListOrder::newest_first}) {
    for (const ShareStatus status :
         {ShareStatus::awaiting, ShareStatus::pending, ShareStatus::suspended}) {
      list({.status = status, .order = order});
    }
    list({.since = now, .order = order});
    list({.since = now, .until = later, .order = order});
  }
  list({.recipient = clinic.id, .status = ShareStatus::live, .after = share.id});
  list({.recipient = clinic.id, .since = now, .until = later});
}

}  // namespace
}  // namespace sekisho::sharing
