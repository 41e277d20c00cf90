// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/audit_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/keys/key_files.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;
using test::an_outcome;
using test::joined;

static_assert(!std::is_default_constructible_v<Receipt>);
static_assert(!std::is_constructible_v<Receipt, std::uint64_t, core::Sha256>);
static_assert(!std::is_aggregate_v<Receipt>);

TEST(AuditLog, GivesAReceiptForWhatIsOnDisk) {
  const ALog a_log;
  const auto log = a_log.open();
  const Receipt receipt = log->append(a_transfer());
  EXPECT_EQ(receipt.seq(), 1U);  // 0 opened the log
  EXPECT_EQ(receipt.id(), (ReceiptId{test::kOrigin, 1}));
  EXPECT_EQ(receipt.leaf_hash(), leaf_hash(core::as_bytes(a_log.entry(1))));
  EXPECT_EQ(log->head().size, 2U);
}

TEST(AuditLog, SignsEveryHead) {
  const ALog a_log;
  const auto log = a_log.open();
  log->append(a_transfer());
  const Head head = log->head();
  const auto text = NoteVerifier::parse(a_log.key())->open(head.checkpoint);
  ASSERT_TRUE(text);
  const auto checkpoint = Checkpoint::parse(*text);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->origin, test::kOrigin);
  EXPECT_EQ(checkpoint->size, head.size);
  EXPECT_EQ(checkpoint->root, head.root);
  EXPECT_EQ(log->origin(), test::kOrigin);
}

TEST(AuditLog, IsSoundAfterEveryStep) {
  const ALog a_log;
  const auto log = a_log.open();
  for (int i = 0; i < 5; ++i) {
    const Receipt intent = log->append(a_transfer());
    EXPECT_EQ(a_log.verdict().unfinished, 1U);
    log->append_later(an_outcome(intent.seq()));
    log->flush();
    const Verdict verdict = a_log.verdict();
    EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
    EXPECT_EQ(verdict.unfinished, 0U);
    EXPECT_EQ(verdict.entries, static_cast<std::uint64_t>(2 * i + 3));
  }
}

TEST(AuditLog, WritesOutWhatIsQueuedWhenItCloses) {
  const ALog a_log;
  {
    const auto log = a_log.open();
    for (int i = 0; i < 100; ++i) log->append_later(Event{});
  }
  EXPECT_EQ(a_log.verdict().entries, 101U);
}

TEST(AuditLog, WritesWhatNobodyWaitsForAllTheSame) {
  const ALog a_log;
  const auto log = a_log.open();
  log->append_later(Event{});
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (log->head().size < 2 && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_EQ(a_log.verdict().entries, 2U);
}

TEST(AuditLog, TakesWhatNobodyWaitsForAlong) {
  const ALog a_log;
  const auto log = a_log.open();
  log->append_later(Event{});
  EXPECT_EQ(log->append(Event{}).seq(), 2U);
  EXPECT_EQ(log->head().size, 3U);
}

TEST(AuditLog, ManyEventsAreDurableInTheirOrderWhenTheLastIs) {
  const ALog a_log;
  const auto log = a_log.open();
  constexpr std::uint64_t kEvents = 700;  // more than one transaction takes
  std::vector<Event> events;
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    events.push_back(a_transfer("P" + std::to_string(i)));
    events.back().request_id = std::to_string(i);
  }
  const Receipt receipt = log->append(std::span<const Event>(events));
  EXPECT_EQ(receipt.seq(), kEvents);
  EXPECT_EQ(receipt.leaf_hash(), leaf_hash(core::as_bytes(a_log.entry(kEvents))));
  for (const std::uint64_t i : {0U, 255U, 256U, 698U, 699U}) {
    EXPECT_EQ(parse_leaf(core::as_bytes(a_log.entry(i + 1)))->request, std::to_string(i));
  }
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.entries, kEvents + 1);
}

TEST(AuditLog, TheReceiptOfManyIsTheLastOnesFirstPart) {
  const ALog a_log;
  const auto log = a_log.open();
  Event large = a_transfer();
  for (int i = 0; i < 200; ++i) {
    large.objects.push_back({"P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)});
  }
  const std::vector<Event> events = {large, large};
  const Receipt receipt = log->append(std::span<const Event>(events));
  const std::uint64_t all = log->head().size - 1;
  EXPECT_GT(all, 3U);
  EXPECT_EQ(receipt.seq(), all / 2 + 1);
}

TEST(AuditLog, GoesOnWhereItStopped) {
  const ALog a_log;
  for (std::uint64_t seq = 1; seq < 10; ++seq) {
    EXPECT_EQ(a_log.open()->append(a_transfer()).seq(), seq);
  }
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
}

TEST(AuditLog, KeepsTheOrderOfOneCaller) {
  const ALog a_log;
  const auto log = a_log.open();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    Event event;
    event.instances = i;
    log->append_later(event);
  }
  log->flush();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    EXPECT_EQ(a_log.parsed(i).instances, i);
  }
}

TEST(AuditLog, GivesConcurrentCallersPlacesOfTheirOwn) {
  const ALog a_log;
  constexpr int kCallers = 8;
  constexpr int kEach = 40;
  std::array<std::vector<Receipt>, kCallers> receipts;
  {
    const auto log = a_log.open();
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < kEach; ++i) {
          receipts[static_cast<std::size_t>(caller)].push_back(
              log->append(a_transfer("P" + std::to_string(i % 5))));
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
  }
  std::set<std::uint64_t> places;
  for (const auto& own : receipts) {
    for (const Receipt& receipt : own) {
      places.insert(receipt.seq());
      EXPECT_EQ(receipt.leaf_hash(), leaf_hash(core::as_bytes(a_log.entry(receipt.seq()))));
    }
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end(), [](const Receipt& a, const Receipt& b) {
      return a.seq() < b.seq();
    }));
  }
  EXPECT_EQ(places.size(), std::size_t{kCallers} * kEach);
  EXPECT_EQ(*places.begin(), 1U);
  EXPECT_EQ(*places.rbegin(), std::uint64_t{kCallers} * kEach);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
}

TEST(AuditLog, PutsAnEventOfManyObjectsIntoConsecutiveEntries) {
  const ALog a_log;
  const auto log = a_log.open();
  Event event = a_transfer();
  for (int i = 0; i < 600; ++i) {
    event.objects.push_back({"P1001", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)});
  }
  const Receipt receipt = log->append(event);
  EXPECT_EQ(receipt.seq(), 1U);
  EXPECT_GT(log->head().size, 4U);
  const Receipt outcome = log->append(an_outcome(receipt.seq()));
  EXPECT_EQ(outcome.seq(), log->head().size - 1);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.unfinished, 0U);
  EXPECT_EQ(a_log.count("audit_object WHERE kind = 4"), 600);
}

TEST(AuditLog, MakesOneKeyForEachPerson) {
  const ALog a_log;
  for (int start = 0; start < 2; ++start) {
    const auto log = a_log.open();
    for (int i = 0; i < 6; ++i) log->append(a_transfer("P" + std::to_string(i % 3)));
  }
  EXPECT_EQ(a_log.count("audit_key WHERE kind = 1"), 3);
  EXPECT_EQ(a_log.count("audit_key WHERE kind = 5"), 1);
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
}

TEST(AuditLog, LetsTheHolderOfTheWrappingKeyReadTheText) {
  const ALog a_log;
  a_log.open()->append(a_transfer("P1001", "1.2.3"));
  const auto entry = parse_entry(a_log.stored(1).bytes());
  ASSERT_TRUE(entry);
  const WrappingKey wrapping(read_secret_key(a_log.place().wrapping_key));
  const IndexKey index(read_secret_key(a_log.place().index_key));
  core::db::Database database = core::db::open_read_only(a_log.place().database);
  core::db::Statement find(database, "SELECT wrapped FROM audit_key WHERE kind = 1 AND hash = ?");
  const Subject patient = index.subject(SubjectKind::patient, "P1001");
  find.bind(1, patient.hash.data(), static_cast<int>(patient.hash.size()));
  ASSERT_TRUE(find.executeStep());
  const auto* wrapped = static_cast<const core::Byte*>(find.getColumn(0).getBlob());
  const auto size = static_cast<std::size_t>(find.getColumn(0).getBytes());
  const SealedText& sealed = entry->sealed.front();
  const auto key = wrapping.unwrap(sealed.key, patient, {wrapped, size});
  ASSERT_TRUE(key);
  EXPECT_EQ(unseal(key->view(), entry->salt, *core::from_base64(sealed.box)),
            R"({"objects":[{"instances":["1.2.3.1.1"],"series":"1.2.3.1","study":"1.2.3"}],)"
            R"("patient":"P1001"})");
}

TEST(AuditLog, FindsTheHistoryOfAPatientByItsHash) {
  const ALog a_log;
  {
    const auto log = a_log.open();
    log->append(a_transfer("P1"));
    log->append(a_transfer("P2"));
    log->append(a_transfer("P1"));
  }
  const IndexKey index(read_secret_key(a_log.place().index_key));
  const auto rows = [&](const char* patient) {
    const Subject subject = index.subject(SubjectKind::patient, patient);
    return a_log.count("audit_object WHERE kind = 1 AND hash = x'" + core::to_hex(subject.hash) +
                       "'");
  };
  EXPECT_EQ(rows("P1"), 2);
  EXPECT_EQ(rows("P2"), 1);
  EXPECT_EQ(rows("P3"), 0);
}

TEST(AuditLog, IsHeldByOneProcessAtATime) {
  const ALog a_log;
  const auto log = a_log.open();
  EXPECT_THROW(a_log.open(), AuditError);
}

TEST(AuditLog, BreaksForGoodWhenSomebodyElseWrites) {
  const ALog a_log;
  std::string reported;
  int reports = 0;
  const auto log = a_log.open([&](core::Severity severity, std::string_view text) {
    EXPECT_EQ(severity, core::Severity::error);
    reported = text;
    ++reports;
  });
  log->append(Event{});
  EXPECT_EQ(log->broken(), "");
  a_log.tamper("UPDATE audit_head SET size = size + 1");
  EXPECT_THROW(log->append(Event{}), AuditError);
  EXPECT_NE(log->broken(), "");
  a_log.tamper("UPDATE audit_head SET size = size - 1");
  EXPECT_THROW(log->append(Event{}), AuditError) << "the trouble is past, the log stays broken";
  EXPECT_THROW(log->flush(), AuditError);
  EXPECT_NO_THROW(log->append_later(Event{}));
  EXPECT_EQ(reports, 1);
  EXPECT_EQ(reported, log->broken());
  EXPECT_EQ(reported.find(a_log.place().database.parent_path().string()), std::string::npos);
}

TEST(AuditLog, RefusesToStartOnWhatItDidNotSign) {
  const struct {
    const char* what;
    const char* sql;
  } cases[] = {
      {"a head of another size", "UPDATE audit_head SET size = 2"},
      {"a changed root in the note",
       "UPDATE audit_head SET checkpoint = replace(checkpoint, "
       "substr(checkpoint, 30, 1), iif(substr(checkpoint, 30, 1) = 'x', 'y', 'x'))"},
      {"a changed edge", "UPDATE audit_head SET edge = randomblob(length(edge))"},
      {"an edge that is cut", "UPDATE audit_head SET edge = x''"},
      {"no head", "DELETE FROM audit_head"},
      {"the last entry gone", "DELETE FROM audit_entry WHERE seq = 2"},
      {"one entry more",
       "INSERT INTO audit_entry SELECT 3, entry, aside FROM audit_entry WHERE seq = 2"},
      {"a changed entry", "UPDATE audit_entry SET entry = replace(entry, 'TREAT', 'TREAD')"},
      {"a trigger of somebody",
       "CREATE TRIGGER t AFTER INSERT ON audit_entry BEGIN "
       "DELETE FROM audit_object; END"},
      {"another schema version", "PRAGMA user_version = 99"},
      {"an index gone", "DROP INDEX audit_key_subject"},
  };
  for (const auto& one : cases) {
    const ALog a_log;
    {
      const auto log = a_log.open();
      log->append(a_transfer());
      log->append(a_transfer());
    }
    a_log.tamper(one.sql);
    EXPECT_THROW(a_log.open(), AuditError) << one.what;
  }
}

TEST(AuditLog, RefusesToStartWithTheKeysOfAnotherLog) {
  const ALog other;
  for (auto key : {&AuditPlace::signing_key, &AuditPlace::index_key, &AuditPlace::wrapping_key}) {
    const ALog a_log;
    a_log.open()->append(a_transfer());
    std::filesystem::copy_file(other.place().*key, a_log.place().*key,
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_THROW(a_log.open(), AuditError) << (a_log.place().*key).filename();
  }
}

TEST(AuditLog, RefusesToStartWithoutAKeyOrWithAnOpenOne) {
  for (auto key : {&AuditPlace::signing_key, &AuditPlace::index_key, &AuditPlace::wrapping_key}) {
    const ALog a_log;
    const auto& file = a_log.place().*key;
    std::filesystem::permissions(file, std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    EXPECT_THROW(a_log.open(), AuditError) << file.filename();
    std::filesystem::remove(file);
    EXPECT_THROW(a_log.open(), AuditError) << file.filename();
  }
}

/// Moves on its own only when it is told to.
std::vector<std::string> times_recorded(const std::vector<core::Time>& clock, const ALog& a_log) {
  core::Time now = clock.front();
  AuditLog log(
      a_log.place(), [&] { return now; }, test::no_report(), tests::uptime_of([&] { return now; }));
  std::vector<std::string> times;
  for (const core::Time& time : clock) {
    now = time;
    const std::string entry = a_log.entry(log.append(Event{}).seq());
    const std::size_t begin = entry.find("\"time\":\"") + 8;
    times.push_back(entry.substr(begin, entry.find('"', begin) - begin));
  }
  return times;
}

TEST(AuditLog, KeepsItsOrderWhereTheClockGoesBackAnHourOrEightYearsAhead) {
  const ALog a_log;
  const core::Time noon = test::a_time();
  const auto hour = std::chrono::hours{1};
  const auto times = times_recorded({noon, noon - hour, noon + 8 * 365 * 24 * hour, noon}, a_log);
  EXPECT_EQ(times, (std::vector<std::string>{
                       "2026-01-31T12:00:00.000000Z", "2026-01-31T11:00:00.000000Z",
                       "2034-01-29T12:00:00.000000Z", "2026-01-31T12:00:00.000000Z"}));
  const Verdict verdict = a_log.verdict();
  EXPECT_TRUE(verdict.sound()) << joined(verdict.problems);
  EXPECT_EQ(verdict.entries, 5U);
}

/// A machine whose clock is set, and that is never booted anew.
class ClockSteps : public testing::Test {
 protected:
  std::unique_ptr<AuditLog> open() {
    return std::make_unique<AuditLog>(
        log_.place(), [this] { return time_; }, test::no_report(),
        [this] { return time_.time_since_epoch() - set_; });
  }
  void set_clock(std::chrono::microseconds by) {
    time_ += by;
    set_ += by;
  }
  std::string event(std::uint64_t seq) const { return log_.parsed(seq).event; }

  ALog log_;
  core::Time time_ = test::a_time();
  std::chrono::microseconds set_{0};
};

TEST_F(ClockSteps, AreOnRecordBeforeWhatComesAfterThem) {
  const auto log = open();
  EXPECT_EQ(log->append(a_transfer()).seq(), 1U);
  set_clock(std::chrono::hours(-1));
  const Receipt receipt = log->append(a_transfer());
  EXPECT_EQ(receipt.seq(), 3U);
  EXPECT_EQ(receipt.leaf_hash(), leaf_hash(core::as_bytes(log_.entry(3))));
  const Entry step = log_.parsed(2);
  EXPECT_EQ(step.event, "clock.step");
  EXPECT_EQ(step.facts,
            (std::map<std::string, std::string>{{"before", "2026-01-31T12:00:00.000000Z"},
                                                {"after", "2026-01-31T11:00:00.000000Z"},
                                                {"step", "-3600.000000"}}));
  EXPECT_TRUE(step.subjects.empty());
  EXPECT_TRUE(step.sealed.empty());
  log->append(a_transfer());
  EXPECT_EQ(event(4), "transfer.begin");
  EXPECT_TRUE(log_.verdict().sound());
}

TEST_F(ClockSteps, WhileTheLogWasClosedAreFoundAtTheNextEntry) {
  open()->append(a_transfer());
  set_clock(std::chrono::hours(8 * 365 * 24));
  open()->append(a_transfer());
  EXPECT_EQ(event(2), "clock.step");
  open()->append(a_transfer());
  EXPECT_EQ(event(4), "transfer.begin");
}

}  // namespace
}  // namespace sekisho::audit
