// SPDX-License-Identifier: GPL-3.0-or-later
// A log as Sekisho 0.1.0 wrote it: user_version 4, entries of version 1 (tests/data/log_version_1).
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "audit/error.h"
#include "audit/export/export_record.h"
#include "audit/keys/key_files.h"
#include "audit/proof/proof.h"
#include "audit/report/evidence_reader.h"
#include "audit/report/report.h"
#include "audit/store/published_log.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::joined;

constexpr std::uint64_t kSize = 10;
constexpr std::uint64_t kQuery = 3;        // of nine patients, in two parts
constexpr std::uint64_t kFurtherPart = 4;  // about P1008 and P1009, without a word of who it was
constexpr std::uint64_t kOpenIntent = 9;

class LogOfVersion1 : public ::testing::Test {
 protected:
  LogOfVersion1() : place_(AuditPlace::in(directory_.path())) {
    const std::filesystem::path data = SEKISHO_SOURCE_DIR "/tests/data/log_version_1";
    for (const char* file : {"audit.key", "audit.pub", "audit-index.key", "audit-wrap.key"}) {
      std::filesystem::copy_file(data / file, directory_.path() / file);
      std::filesystem::permissions(
          directory_.path() / file,
          std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    core::db::open(place_.database).exec(test::read_file(data / "audit.sql"));
  }
  std::unique_ptr<AuditLog> open() const {
    return std::make_unique<AuditLog>(place_, test::a_time, test::no_report(),
                                      tests::uptime_of(test::a_time));
  }
  Verdict verdict() const { return verify(place_.database, test::first_line(place_.verifier_key)); }
  NoteVerifier key() const {
    return NoteVerifier::parse(test::first_line(place_.verifier_key)).value();
  }
  ExportRecord record(std::uint64_t seq) const {
    ExportReader reader(place_, Identifiers::opened);
    return reader.record(reader.log().entry(seq).value());
  }
  Subject patient(std::string_view id) const {
    return IndexKey(read_secret_key(place_.index_key)).subject(SubjectKind::patient, id);
  }

  test::Directory directory_;
  const AuditPlace place_;
};

TEST_F(LogOfVersion1, IsOpenedContinuedAndSound) {
  EXPECT_THROW(verdict(), AuditError) << "of another version";
  {
    const auto log = open();
    EXPECT_EQ(log->head().size, kSize);
    log->append(test::an_outcome(kOpenIntent));
    log->append(a_transfer("P1001", "1.2.392.1"));
  }
  const Verdict found = verdict();
  EXPECT_TRUE(found.sound()) << joined(found.problems);
  EXPECT_EQ(found.entries, kSize + 2);
  EXPECT_EQ(LogReader(place_.database).entry(1)->entry.version, 1U);
  EXPECT_EQ(LogReader(place_.database).entry(kSize)->entry.version, 2U);
}

TEST_F(LogOfVersion1, HasOneHistoryOfAPatientBeforeAndAfter) {
  open()->append(a_transfer("P1001", "1.2.392.1"));
  LogReader reader(place_.database);
  EXPECT_EQ(reader.history(patient("P1001"), 0, 99),
            (std::vector<std::uint64_t>{1, kQuery, kOpenIntent, kSize}));
  EXPECT_EQ(record(1).text.objects.at(0).patient_id, "P1001");
  EXPECT_EQ(record(kSize).text.objects.at(0).patient_id, "P1001");
}

TEST_F(LogOfVersion1, KeepsItsHoldsAndItsShreddings) {
  const auto log = open();
  EXPECT_TRUE(LogReader(place_.database).holds().contains(patient("P1002")));
  EXPECT_EQ(record(kQuery).text.shredded, 1U) << "P1003";
  Event shred;
  shred.code = EventCode::text_shred;
  shred.objects = {{"P1001", "", "", ""}};
  log->append(shred, Shred{patient("P1001")});
  EXPECT_TRUE(record(1).text.objects.empty()) << "one key for before and after";
  EXPECT_TRUE(verdict().sound()) << joined(verdict().problems);
}

/// A further part said nothing of who it was: its reader asks the first.
TEST_F(LogOfVersion1, NamesInEveryPartWhoItWas) {
  open();
  const ExportRecord part = record(kFurtherPart);
  ASSERT_EQ(part.entry.part, 2U);
  EXPECT_EQ(part.entry.source, "10.20.0.17");
  EXPECT_EQ(part.entry.share, a_transfer().share_id);
  EXPECT_EQ(part.entry.request, "r-1");
  EXPECT_EQ(part.entry.authentication, "token");
  EXPECT_EQ(part.text.recipient_id, a_transfer().recipient_id);
  EXPECT_EQ(part.text.recipient_name, "山田クリニック");
  EXPECT_EQ(part.entry.subjects.back().kind, SubjectKind::recipient);
}

TEST_F(LogOfVersion1, ProvesItsEntriesAndKeepsThemFromRecipients) {
  open();
  PublishedLog published(place_.database);
  const PublishedLog::Asker clinic{IndexKey(read_secret_key(place_.index_key))
                                       .subject(SubjectKind::recipient, a_transfer().recipient_id),
                                   [](std::string_view) { return true; }};
  const auto receipt = published.receipt(1, clinic);
  ASSERT_TRUE(receipt);
  EXPECT_FALSE(receipt->extra) << "its hashes are those of all entries about this patient";
  const std::string entry = published.entry(1).value();
  EXPECT_TRUE(std::holds_alternative<Checkpoint>(
      check_proof(receipt->text(), core::as_bytes(entry), key())));
}

TEST_F(LogOfVersion1, GivesAReportThatIsProven) {
  open()->append(a_transfer("P1001", "1.2.392.1"));
  report::Question question;
  question.patient = "P1001";
  question.made = test::a_time();
  const StoredHead head = LogReader(place_.database).head();
  const auto evidence = report::gather(place_, question, head);
  EXPECT_EQ(evidence.entries.size(), 5U) << "four acts, one with an outcome";
  const std::string page = report::write_report(evidence, KeyChain(key()), report::Format::html);
  EXPECT_EQ(report::check_report(page, KeyChain(key())).verdict, report::Findings::Verdict::proven);
}

TEST_F(LogOfVersion1, HoldsAnAsideBesideAnOldEntryForForeign) {
  open();
  {
    test::Superuser superuser(place_.database);
    superuser.database().exec("UPDATE audit_entry SET aside = '{}' WHERE seq = 1");
  }
  EXPECT_FALSE(verdict().sound());
}

}  // namespace
}  // namespace sekisho::audit
