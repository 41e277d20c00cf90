// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/verify.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;
using test::an_outcome;
using test::joined;
using test::Superuser;

const std::string kNotTheHeads = "head: the entries are not the ones that were signed";
const std::string kChanged =
    " changed since it was signed; what it said is in receipts of it and in older copies of"
    " audit.db";

/// A log with: 0 log.open, 1 and 2 a transfer and its outcome, 3 a denial, 4 a second transfer.
class Verify : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto log = log_.open();
    const Receipt intent = log->append(a_transfer("P1001", "1.2.3"));
    log->append(an_outcome(intent.seq()));
    log->append(Event{});
    log->append(a_transfer("P1002", "4.5.6"));
  }

  void expect_problem(const std::string& what) const {
    const Verdict verdict = log_.verdict();
    EXPECT_FALSE(verdict.sound());
    EXPECT_NE(joined(verdict.problems).find(what), std::string::npos)
        << "expected: " << what << "\nfound: " << joined(verdict.problems);
  }
  void expect_only_problem(const std::string& what) const {
    EXPECT_EQ(joined(log_.verdict().problems), what + "\n");
  }

  ALog log_;
};

TEST_F(Verify, FindsASoundLogSound) {
  const Verdict verdict = log_.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.entries, 5U);
  EXPECT_EQ(verdict.objects, 10U);
  EXPECT_EQ(verdict.unfinished, 1U);
  EXPECT_EQ(verdict.origin, test::kOrigin);
  EXPECT_EQ(verdict.root, core::to_base64(log_.open()->head().root));
}

constexpr char kNoAside[] = "entry 1: its aside is not the one that it commits to";

TEST_F(Verify, FindsEveryByteOfAnEntryThatChanged) {
  Superuser superuser(log_.place().database);
  core::db::Statement update(superuser.database(),
                             "UPDATE audit_entry SET entry = ? WHERE seq = ?");
  const auto put = [&](const std::string& entry, int seq) {
    update.reset();
    update.bind(1, entry);
    update.bind(2, seq);
    update.exec();
  };
  const std::string changed = "head: the entries are not the ones that were signed";
  for (int seq : {1, 3}) {
    const std::string good = log_.entry(static_cast<std::uint64_t>(seq));
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
      put(bad, seq);
      ASSERT_NE(joined(log_.verdict().problems).find(changed), std::string::npos)
          << "entry " << seq << ", byte " << i;
    }
    put(good, seq);
    ASSERT_EQ(joined(log_.verdict().problems).find(changed), std::string::npos);
  }
}

TEST_F(Verify, FindsEveryByteOfAnAsideThatChanged) {
  Superuser superuser(log_.place().database);
  core::db::Statement update(superuser.database(),
                             "UPDATE audit_entry SET aside = ? WHERE seq = 1");
  const std::string good = log_.stored(1).aside;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    update.reset();
    update.bind(1, bad);
    update.exec();
    ASSERT_NE(joined(log_.verdict().problems).find(kNoAside), std::string::npos) << "byte " << i;
  }
}

TEST_F(Verify, FindsAnAsideThatIsMissingOrAnothers) {
  for (const char* sql :
       {"UPDATE audit_entry SET aside = NULL WHERE seq = 1",
        "UPDATE audit_entry SET aside = '' WHERE seq = 1",
        "UPDATE audit_entry SET aside = (SELECT aside FROM audit_entry WHERE seq = 3)"
        " WHERE seq = 1"}) {
    log_.tamper(sql);
    expect_problem(kNoAside);
  }
}

/// The index stands outside of what is signed: it is held to the asides, which are committed to.
TEST_F(Verify, FindsAnIndexAndAnAsideThatWereBentTogether) {
  log_.tamper(
      "UPDATE audit_entry SET aside = replace(aside, (SELECT lower(hex(hash)) FROM audit_object"
      " WHERE seq = 1 AND kind = 1), '00000000000000000000000000000000') WHERE seq = 1;"
      "UPDATE audit_object SET hash = zeroblob(16) WHERE seq = 1 AND kind = 1");
  expect_problem(kNoAside);
}

TEST_F(Verify, FindsADeletedEntry) {
  log_.tamper("DELETE FROM audit_entry WHERE seq = 3");
  expect_problem("entries 3 to 3: missing");
  expect_problem("head: signed for 5 entries, there are 4");
}

TEST_F(Verify, FindsAMissingEnd) {
  log_.tamper("DELETE FROM audit_entry WHERE seq = 4");
  expect_problem("head: signed for 5 entries, there are 4");
}

TEST_F(Verify, FindsAnInsertedEntry) {
  log_.tamper("INSERT INTO audit_entry SELECT 5, entry, aside FROM audit_entry WHERE seq = 3");
  expect_problem("entry 5: beyond the head");
  expect_problem("entry 5: says that it is entry 3");
}

TEST_F(Verify, FindsEntriesThatChangedPlaces) {
  log_.tamper(
      "UPDATE audit_entry SET seq = 99 WHERE seq = 2; UPDATE audit_entry SET seq = 2 WHERE seq = 3;"
      "UPDATE audit_entry SET seq = 3 WHERE seq = 99");
  expect_problem("entry 2: says that it is entry 3");
  expect_problem("head: the entries are not the ones that were signed");
}

TEST_F(Verify, FindsABackDatedEntry) {
  log_.tamper(
      "UPDATE audit_entry SET entry = replace(entry, '2026-01-31', '2025-01-31') WHERE seq = 3");
  expect_only_problem("entries 0 to 3: one of them at least" + kChanged + "\n" + kNotTheHeads);
}

/// Longer than two tiles, and with an end that no tile has yet.
class VerifyLong : public Verify {
 protected:
  void SetUp() override {
    const auto log = log_.open();
    while (log->head().size < 600) {
      log->append_later(a_transfer());
      log->flush();
    }
  }
  void change(int seq) const {
    log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = " +
                std::to_string(seq));
  }
};

TEST_F(VerifyLong, NamesTheEntriesThatChangedAndNoOthers) {
  change(300);
  change(7);
  expect_only_problem("entry 7:" + kChanged + "\nentry 300:" + kChanged + "\n" + kNotTheHeads);
}

TEST_F(VerifyLong, NamesWhereAnEntryOfTheUnfinishedTileChanged) {
  change(597);  // 512 and 64 are whole subtrees, then come 16 and 8
  expect_only_problem("entries 592 to 599: one of them at least" + kChanged + "\n" + kNotTheHeads);
}

TEST_F(VerifyLong, AccusesNoEntryWhereTheTilesDoNotLeadToTheHead) {
  change(300);
  log_.tamper(
      "UPDATE audit_tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB)"
      " WHERE level = 0 AND place = 1");
  expect_problem("tile 0/1: not that of the entries");
  EXPECT_EQ(joined(log_.verdict().problems).find("changed"), std::string::npos);
}

TEST_F(Verify, FindsAHeadThatWasCalculatedAnewWithoutTheKey) {
  const ALog forger;
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD') WHERE seq = 1");
  std::filesystem::copy_file(forger.place().signing_key, log_.place().signing_key,
                             std::filesystem::copy_options::overwrite_existing);
  log_.sign_anew();
  expect_problem("head: not signed by the key that you gave");
}

TEST_F(Verify, FindsColumnsOfTheHeadThatWereNotSigned) {
  log_.tamper("UPDATE audit_head SET root = zeroblob(32)");
  expect_only_problem("head: its columns are not what was signed");
}

TEST_F(Verify, FindsAnEdgeThatIsNotTheTrees) {
  log_.tamper("UPDATE audit_head SET edge = zeroblob(64)");
  expect_only_problem("head: its right edge is not that of the entries");
}

TEST_F(Verify, FindsAnUnsignedHead) {
  log_.tamper("UPDATE audit_head SET checkpoint = ''");
  expect_problem("head: not signed by the key that you gave");
  log_.tamper("DELETE FROM audit_head");
  expect_problem("head: missing");
}

TEST_F(Verify, FindsAnIndexRowThatIsGone) {
  log_.tamper("DELETE FROM audit_object WHERE seq = 4 AND kind = 1");
  expect_only_problem("entry 4: the index lacks a row for it");
}

TEST_F(Verify, FindsAnIndexRowThatDoesNotComeFromAnEntry) {
  log_.tamper("INSERT INTO audit_object VALUES (0, zeroblob(16), 1, 3)");
  expect_only_problem("entry 3: the index has a row that does not come from it");
}

TEST_F(Verify, FindsAnIndexRowThatNoHistoryWouldComeUpon) {
  log_.tamper("UPDATE audit_object SET span = 1 WHERE seq = 4 AND kind = 1");
  expect_problem("entry 4: the index lacks a row for it");
  expect_problem("entry 4: the index has a row that does not come from it");
}

TEST_F(Verify, FindsAnIndexRowThatPointsElsewhere) {
  log_.tamper("UPDATE audit_object SET seq = 3 WHERE seq = 4 AND kind = 2");
  expect_problem("entry 4: the index lacks a row for it");
  expect_problem("entry 3: the index has a row that does not come from it");
}

TEST_F(Verify, FindsAKeyThatIsGoneFromTheList) {
  log_.tamper("DELETE FROM audit_key WHERE kind = 1 AND seq = 1");
  expect_problem("entry 1: the key of its text is not on the list of keys");
}

TEST_F(Verify, FindsAKeyThatNoEntryIntroduced) {
  log_.tamper("INSERT INTO audit_key VALUES (zeroblob(16), 1, zeroblob(16), 1, x'', NULL)");
  expect_problem("keys: ");
}

TEST_F(Verify, FindsAKeyThatWasGivenToAnother) {
  log_.tamper("UPDATE audit_key SET hash = zeroblob(16) WHERE kind = 1 AND seq = 1");
  expect_problem("entry 1: the key of its text is another's");
}

TEST_F(Verify, FindsAPersonsKeyThatWasMadeNobodys) {
  log_.tamper("UPDATE audit_key SET kind = 0 WHERE kind = 1 AND seq = 1");
  expect_only_problem("entry 1: the key of its text is another's");
}

TEST_F(Verify, DoesNotMindAShreddedKey) {
  log_.tamper("UPDATE audit_key SET wrapped = NULL WHERE kind = 1 AND seq = 1");
  EXPECT_TRUE(log_.verdict().sound()) << joined(log_.verdict().problems);
}

TEST_F(Verify, FindsTriggersThatWereDroppedOrAdded) {
  {
    core::db::Database database = core::db::open(log_.place().database);
    database.exec("DROP TRIGGER audit_entry_kept");
    database.exec("CREATE TRIGGER quiet AFTER INSERT ON audit_entry BEGIN SELECT 1; END");
  }
  expect_problem("schema: trigger audit_entry_kept is missing");
  expect_problem("schema: trigger quiet does not belong there");
}

TEST_F(Verify, HoldsWhoeverStoleTheSigningKeyToTheGrammar) {
  log_.tamper(
      "UPDATE audit_entry SET entry = replace(entry, '\"seq\":3', '\"seq\":9') "
      "WHERE seq = 3");
  log_.sign_anew();
  expect_only_problem("entry 3: says that it is entry 9");
  log_.tamper(
      "UPDATE audit_entry SET entry = replace(entry, '\"seq\":9', '\"seq\": 3') "
      "WHERE seq = 3");
  log_.sign_anew();
  expect_only_problem("entry 3: not in the form of an entry");
}

TEST_F(Verify, FindsALogThatDoesNotOpenAsOne) {
  log_.tamper("UPDATE audit_entry SET entry = replace(entry, 'log.open', 'denial') WHERE seq = 0");
  log_.sign_anew();
  expect_only_problem("entry 0: does not open a log of the origin of your key");
}

TEST_F(Verify, FindsAnOutcomeOfWhatNeverBegan) {
  const auto log = log_.open();
  log->append(an_outcome(3));  // a denial
  log->append(an_outcome(1));  // has one already, which is no fault
  log->append(an_outcome(500));
  EXPECT_EQ(joined(log_.verdict().problems),
            "entry 5: the outcome of something that was never begun\n"
            "entry 7: the outcome of something that was never begun\n");
}

TEST_F(Verify, FindsPartsOfAnEventThatAreMissing) {
  {
    const auto log = log_.open();
    Event event = a_transfer();
    for (int i = 0; i < 300; ++i) event.objects.push_back({"P9", "7", "7.1", std::to_string(i)});
    log->append(event);
  }
  const auto last = log_.count("audit_entry") - 1;
  log_.tamper("DELETE FROM audit_object WHERE seq = " + std::to_string(last));
  log_.tamper("DELETE FROM audit_entry WHERE seq = " + std::to_string(last));
  log_.sign_anew();
  expect_problem("the last entry: its further parts are missing");
}

TEST_F(Verify, TakesNoOtherOriginThanTheKeys) {
  const ALog other;
  const Verdict verdict = verify(log_.place().database, other.key());
  EXPECT_FALSE(verdict.sound());
  EXPECT_EQ(verdict.origin, "");
}

TEST_F(Verify, CannotTellAnOlderCopyByItself) {
  // What only an anchor or an outside checkpoint can tell (docs/formats/audit.md).
  const test::Directory backup;
  const AuditPlace copy = AuditPlace::in(backup.path());
  std::filesystem::copy_file(log_.place().database, copy.database);
  log_.open()->append(Event{});
  EXPECT_TRUE(verify(copy.database, log_.key()).sound());
}

TEST_F(Verify, RunsBesideAWriter) {
  const auto log = log_.open();
  std::atomic<bool> done = false;
  std::thread writer([&] {
    while (!done) log->append(a_transfer());
  });
  for (int i = 0; i < 10; ++i) {
    const Verdict verdict = log_.verdict();
    EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  }
  done = true;
  writer.join();
}

TEST_F(Verify, TellsAtMostAHundredProblems) {
  {
    const auto log = log_.open();
    for (int i = 0; i < 150; ++i) log->append_later(an_outcome(999));
  }
  EXPECT_EQ(log_.verdict().problems.size(), 100U);
}

TEST_F(Verify, RefusesWhatIsNoLogOrNoKey) {
  const test::Directory directory;
  const auto file = directory.path() / "file";
  EXPECT_THROW(verify(file, log_.key()), AuditError) << "not there";
  std::ofstream(file) << std::string(5000, 'x');
  EXPECT_THROW(verify(file, log_.key()), AuditError) << "not a database";
  std::filesystem::remove(file);
  core::db::open(file).exec("CREATE TABLE t (x)");
  EXPECT_THROW(verify(file, log_.key()), AuditError) << "another database";
  EXPECT_THROW(verify(log_.place().database, "x"), AuditError);
}

}  // namespace
}  // namespace sekisho::audit
