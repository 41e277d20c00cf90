// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/keeping/keeping.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "audit/entry/canonical_json.h"
#include "audit/proof/hash_tiles.h"
#include "audit/store/log_reader.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;
using std::chrono::years;
using test::a_transfer;
using test::ALog;
using test::an_outcome;
using test::joined;

constexpr char kRecipient[] = "a1b2c3d4e5f60718293a4b5c6d7e8f90";  // a_transfer()'s

Event by_staff() {
  Event event;
  event.authentication = "staff";
  event.actor = "sato";
  return event;
}

Person patient(const std::string& id) { return {SubjectKind::patient, id}; }

/// Entries before `size` are old enough.
ProvenAge old_enough(std::uint64_t size) {
  return {size, sys_days(year{2026} / 1 / 31), sys_days(year{2033} / 2 / 1)};
}

Keeping::Held hold(Keeping& keeping, const std::string& id) {
  return keeping.hold(patient(id), "court/7", by_staff(), Keeping::IfNone::refuse);
}

class KeepingTest : public ::testing::Test {
 protected:
  /// An intent and its outcome; returns the seq of the intent.
  static std::uint64_t transfer(AuditLog& log, const std::string& patient) {
    const Receipt intent = log.append(a_transfer(patient, "1.2.3"));
    log.append(an_outcome(intent.seq()));
    return intent.seq();
  }
  static void fill(AuditLog& log, int transfers, const std::string& patient) {
    for (int i = 0; i < transfers; ++i) {
      Event event = a_transfer(patient, "1.2.3");
      log.append_later(event);
    }
    log.flush();
  }
  void expect_sound() const {
    const Verdict verdict = log_.verdict();
    EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  }
  EntryText text_of(std::uint64_t seq) const {
    LogReader reader(log_.place().database);
    TextReader texts(log_.place().database,
                     WrappingKey(read_secret_key(log_.place().wrapping_key)));
    return texts.open(reader.entry(seq)->entry);
  }
  std::set<std::uint64_t> seqs() const {
    LogReader reader(log_.place().database);
    std::set<std::uint64_t> found;
    for (const ReadEntry& read : reader.entries(0, kMaxJsonNumber, 100'000)) {
      found.insert(read.entry.seq);
    }
    return found;
  }

  ALog log_;
};

TEST_F(KeepingTest, ShreddingDestroysTheTextAboutOnePatientAndNothingElse) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  const std::uint64_t first = transfer(*log, "P1001");
  const std::uint64_t other = transfer(*log, "P1002");
  ASSERT_EQ(text_of(first).objects.size(), 1U);

  EXPECT_EQ(keeping.shred(patient("P1001"), "2026/17", by_staff()), Keeping::Result::done);

  EXPECT_TRUE(text_of(first).objects.empty());
  EXPECT_EQ(text_of(first).shredded, 1U);
  EXPECT_FALSE(text_of(first).recipient_name.empty());
  EXPECT_EQ(text_of(other).objects.at(0).patient_id, "P1002");
  const std::uint64_t later = transfer(*log, "P1001");
  EXPECT_EQ(text_of(later).objects.at(0).patient_id, "P1001") << "under a key of its own";
  expect_sound();
}

TEST_F(KeepingTest, ShreddingLeavesNoWrappedKeyInAnyFile) {
  auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  transfer(*log, "P1001");
  std::string wrapped;
  {
    core::db::Database database = core::db::open_read_only(log_.place().database);
    const auto column = database.execAndGet("SELECT wrapped FROM audit_key WHERE kind = 1");
    wrapped.assign(static_cast<const char*>(column.getBlob()),
                   static_cast<std::size_t>(column.getBytes()));
  }
  const auto is_on_disk = [&] {
    for (const char* name : {"audit.db", "audit.db-wal"}) {
      const auto file = log_.place().database.parent_path() / name;
      if (test::read_file(file).find(wrapped) != std::string::npos) return true;
    }
    return false;
  };
  ASSERT_TRUE(is_on_disk());
  keeping.shred(patient("P1001"), "2026/17", by_staff());
  log->flush();
  log->append(Event{});  // behind the tidying of the one before
  EXPECT_FALSE(is_on_disk());
}

TEST_F(KeepingTest, ARecipientsTextIsShreddedToo) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  const std::uint64_t seq = transfer(*log, "P1001");
  EXPECT_EQ(keeping.shred({SubjectKind::recipient, kRecipient}, "A-1", by_staff()),
            Keeping::Result::done);
  EXPECT_TRUE(text_of(seq).recipient_name.empty());
  EXPECT_EQ(text_of(seq).objects.at(0).patient_id, "P1001");
  expect_sound();
}

TEST_F(KeepingTest, WhoIsHeldIsNotShreddedUntilTheHoldEnds) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  transfer(*log, "P1001");
  EXPECT_EQ(hold(keeping, "P1001").result, Keeping::Result::done);
  EXPECT_EQ(hold(keeping, "P1001").result, Keeping::Result::held_already);
  EXPECT_EQ(keeping.shred(patient("P1001"), "2026/17", by_staff()), Keeping::Result::held);
  EXPECT_EQ(keeping.end_hold(patient("P1001"), "court/7", by_staff()), Keeping::Result::done);
  EXPECT_EQ(keeping.end_hold(patient("P1001"), "court/7", by_staff()), Keeping::Result::not_held);
  EXPECT_EQ(keeping.shred(patient("P1001"), "2026/17", by_staff()), Keeping::Result::done);
  EXPECT_EQ(keeping.shred(patient("P9999"), "2026/17", by_staff()), Keeping::Result::unknown);
  expect_sound();
}

TEST_F(KeepingTest, AHoldOnAMistypedPatientIsNotSetUnlessThatIsMeant) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  transfer(*log, "P1001");
  Event question = by_staff();
  question.code = EventCode::log_read;
  question.objects = {{"P1010", "", "", ""}};
  log->append(question);
  EXPECT_EQ(hold(keeping, "P1010").result, Keeping::Result::unknown) << "but asked for";
  EXPECT_TRUE(LogReader(log_.place().database).holds().empty());
  const auto meant = keeping.hold(patient("P1010"), "court/7", by_staff(), Keeping::IfNone::hold);
  EXPECT_EQ(meant.result, Keeping::Result::done);
  EXPECT_EQ(LogReader(log_.place().database).holds().size(), 1U);
  expect_sound();
}

TEST_F(KeepingTest, AHoldSaysHowManyEntriesItCovers) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  fill(*log, 300, "P1001");
  transfer(*log, "P2000");
  const auto held = hold(keeping, "P1001");
  EXPECT_EQ(held.result, Keeping::Result::done);
  EXPECT_EQ(held.entries, 300U);
  EXPECT_EQ(hold(keeping, "P1001").entries, 301U) << "with the one that set it";
}

TEST_F(KeepingTest, PruningRemovesWholeTilesOfEntriesAndLeavesASoundLog) {
  {
    const auto log = log_.open();
    Keeping keeping(*log, log_.place().database);
    fill(*log, 700, "P1001");
    const Head head = log->head();
    const auto proof = log->proof(5);
    const auto pruned = keeping.prune(old_enough(600), years(7), 100, by_staff());
    EXPECT_EQ(pruned.before, 512U);
    EXPECT_EQ(pruned.removed, 511U) << "all but log.open";
    EXPECT_TRUE(pruned.finished);
    EXPECT_TRUE(seqs().contains(0));
    EXPECT_FALSE(seqs().contains(1));
    EXPECT_FALSE(seqs().contains(511));
    EXPECT_TRUE(seqs().contains(512));
    EXPECT_EQ(log_.count("audit_object WHERE seq < 512"), 0);
    EXPECT_TRUE(log->consistency(head.size, log->head().size)) << "of the tree nothing is gone";
    ASSERT_TRUE(proof);
  }
  expect_sound();
  log_.open()->append(a_transfer());
  expect_sound();
}

TEST_F(KeepingTest, PruningGoesOnFromSliceToSlice) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  fill(*log, 9000, "P1001");
  const auto first = keeping.prune(old_enough(9000), years(7), 1, by_staff());
  EXPECT_FALSE(first.finished);
  EXPECT_EQ(first.before, 4096U);
  const auto rest = keeping.prune(old_enough(9000), years(7), 100, by_staff());
  EXPECT_TRUE(rest.finished);
  EXPECT_EQ(rest.before, 8960U);
  EXPECT_EQ(first.removed + rest.removed, 8959U);
  expect_sound();
  EXPECT_EQ(keeping.prune(old_enough(9000), years(7), 100, by_staff()).removed, 0U);
}

TEST_F(KeepingTest, WhoIsHeldIsNotPrunedUntilTheHoldEnds) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  const std::uint64_t held = transfer(*log, "P2000");
  hold(keeping, "P2000");
  fill(*log, 600, "P1001");
  keeping.prune(old_enough(600), years(7), 100, by_staff());
  EXPECT_TRUE(seqs().contains(held));
  EXPECT_TRUE(seqs().contains(held + 1)) << "its outcome";
  EXPECT_EQ(text_of(held).objects.at(0).patient_id, "P2000");
  expect_sound();

  keeping.end_hold(patient("P2000"), "court/7", by_staff());
  const auto pruned = keeping.prune(old_enough(600), years(7), 100, by_staff());
  EXPECT_EQ(pruned.removed, 2U);
  EXPECT_FALSE(seqs().contains(held));
  EXPECT_TRUE(seqs().contains(held + 2)) << "that there was a hold stays on record";
  expect_sound();
}

TEST_F(KeepingTest, AnEventOfSeveralEntriesStaysOrGoesAsAWhole) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  Event many = a_transfer("P2000", "1.2.3");
  for (int i = 0; i < 400; ++i) {
    const std::string uid = "1.2.392.200036.9116.2.6.1." + std::to_string(i);
    many.objects.push_back({i < 399 ? "P1001" : "P3000", uid, uid + ".1", uid + ".1.1"});
  }
  const std::uint64_t first = log->append(many).seq();
  const std::uint64_t end = log->head().size;
  ASSERT_GT(end - first, 2U);
  hold(keeping, "P3000");  // only the last part names them
  fill(*log, 600, "P1001");
  keeping.prune(old_enough(600), years(7), 100, by_staff());
  for (std::uint64_t seq = first; seq < end; ++seq) EXPECT_TRUE(seqs().contains(seq)) << seq;
  EXPECT_FALSE(seqs().contains(end + 1));
  expect_sound();
}

TEST_F(KeepingTest, AnOutcomeMayComeAfterItsIntentIsGone) {
  const auto log = log_.open();
  Keeping keeping(*log, log_.place().database);
  const std::uint64_t intent = log->append(a_transfer()).seq();
  fill(*log, 300, "P1001");
  log->append(an_outcome(intent));
  keeping.prune(old_enough(257), years(7), 100, by_staff());
  EXPECT_FALSE(seqs().contains(intent));
  expect_sound();
}

TEST_F(KeepingTest, APrunedLogOpensEvenWhereItsNewestEntriesAreOld) {
  {
    const auto log = log_.open();
    Keeping keeping(*log, log_.place().database);
    fill(*log, 511, "P1001");
    ASSERT_EQ(keeping.prune(old_enough(512), years(7), 100, by_staff()).before, 512U);
  }
  EXPECT_NO_THROW(log_.open()->append(a_transfer()));
  expect_sound();
}

class Pruned : public KeepingTest {
 protected:
  void SetUp() override {
    const auto log = log_.open();
    Keeping keeping(*log, log_.place().database);
    transfer(*log, "P2000");
    hold(keeping, "P2000");
    fill(*log, 600, "P1001");
    keeping.prune(old_enough(600), years(7), 100, by_staff());
    expect_sound();
  }
  void expect_problem(const std::string& what) const {
    EXPECT_NE(joined(log_.verdict().problems).find(what), std::string::npos)
        << joined(log_.verdict().problems);
  }
};

TEST_F(Pruned, IsCheckedByHandAsWell) {
  const std::string check = "/usr/bin/python3 " SEKISHO_SOURCE_DIR "/docs/formats/check_log.py " +
                            log_.place().database.string();
  EXPECT_EQ(std::system(check.c_str()), 0);
  log_.tamper("DELETE FROM audit_entry WHERE seq = 600");
  EXPECT_NE(std::system(check.c_str()), 0);
}

TEST_F(Pruned, OneThatWasHeldAndIsGoneIsFound) {
  log_.tamper("DELETE FROM audit_entry WHERE seq = 1; DELETE FROM audit_object WHERE seq = 1");
  expect_problem("others are there than it left");
}

TEST_F(Pruned, APruningThatIsNotOnRecordIsFound) {
  log_.tamper(
      "DELETE FROM audit_entry WHERE seq BETWEEN 512 AND 520;"
      "DELETE FROM audit_object WHERE seq BETWEEN 512 AND 520");
  expect_problem("entries 512 to 520: missing");
  log_.tamper("UPDATE audit_pruned SET before = 768");
  expect_problem("there is no entry of it");
}

TEST_F(Pruned, AHoldThatIsTakenAwayIsFound) {
  log_.tamper("DELETE FROM audit_hold");
  expect_problem("holds: not those that the entries set");
}

TEST_F(Pruned, AnotherLeafInATileIsFound) {
  log_.tamper(
      "UPDATE audit_tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level "
      "= 0 AND "
      "place = 1");
  expect_problem("head: the entries are not the ones that were signed");
}

TEST_F(Pruned, AMissingTileIsFound) {
  log_.tamper("DELETE FROM audit_tile WHERE level = 0 AND place = 1");
  expect_problem("a tile of the audit log is missing");
}

TEST_F(Pruned, TheTriggersGuardWhatIsLeft) {
  core::db::Database database = core::db::open(log_.place().database);
  EXPECT_THROW(database.exec("DELETE FROM audit_entry WHERE seq = 512"), core::db::Error);
  EXPECT_THROW(database.exec("UPDATE audit_pruned SET before = 0"), core::db::Error);
  EXPECT_THROW(database.exec("DELETE FROM audit_pruned"), core::db::Error);
}

TEST(CaseNumbers, AreNumbersAndNotNames) {
  EXPECT_TRUE(is_case_number("2026/17-A_3.b"));
  EXPECT_FALSE(is_case_number(""));
  EXPECT_FALSE(is_case_number("Yamada Taro"));
  EXPECT_FALSE(is_case_number("山田"));
  EXPECT_FALSE(is_case_number(std::string(65, '1')));
}

}  // namespace
}  // namespace sekisho::audit
