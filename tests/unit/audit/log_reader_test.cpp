// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/log_reader.h"

#include <gtest/gtest.h>

#include "audit/entry/index_span.h"
#include "core/encoding.h"
#include "unit/audit/a_log.h"

namespace sekisho::audit {
namespace {

using test::a_transfer;
using test::ALog;

class Reading : public ::testing::Test {
 protected:
  IndexKey index() const { return IndexKey(read_secret_key(log_.place().index_key)); }
  TextReader texts() const {
    return {log_.place().database, WrappingKey(read_secret_key(log_.place().wrapping_key))};
  }
  EntryText text_of(std::uint64_t seq) {
    const auto found = LogReader(log_.place().database).entry(seq);
    EXPECT_TRUE(found);
    return texts().open(found.value_or(ReadEntry{}).entry);
  }

  ALog log_;
};

TEST_F(Reading, FindsWhatIsThereBesideARunningWriter) {
  const auto writer = log_.open();
  LogReader reader(log_.place().database);
  EXPECT_EQ(reader.head().size, 1U);
  writer->append(a_transfer());
  EXPECT_EQ(reader.head().size, 2U);
  EXPECT_EQ(reader.head().checkpoint, writer->head().checkpoint);
  const auto found = reader.entry(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->raw, log_.stored(1));
  EXPECT_EQ(found->entry.event, "transfer.begin");
  EXPECT_FALSE(reader.entry(2));
  EXPECT_FALSE(reader.entry(~std::uint64_t{0}));
}

TEST_F(Reading, TellsEveryFieldInClear) {
  Event event = a_transfer();
  event.code = EventCode::query;
  event.outcome = Outcome::minor_failure;
  event.detail = "quote \" and \x01";
  event.instances = 3;
  event.bytes = 17;
  log_.open()->append(event);
  const Entry entry = LogReader(log_.place().database).entry(1)->entry;
  EXPECT_EQ(entry.outcome, Outcome::minor_failure);
  EXPECT_EQ(entry.time, test::a_time());
  EXPECT_EQ(entry.authentication, "token");
  EXPECT_EQ(entry.source, "10.20.0.17");
  EXPECT_EQ(entry.share, event.share_id);
  EXPECT_EQ(entry.request, "r-1");
  EXPECT_EQ(entry.intended_use, "TREAT");
  EXPECT_EQ(entry.detail, event.detail);
  EXPECT_EQ(entry.instances, 3U);
  EXPECT_EQ(entry.bytes, 17U);
}

TEST_F(Reading, PagesThroughARange) {
  const auto writer = log_.open();
  for (int i = 0; i < 9; ++i) writer->append(a_transfer());
  LogReader reader(log_.place().database);
  std::vector<std::uint64_t> seqs;
  for (std::uint64_t next = 2;;) {
    const auto page = reader.entries(next, 8, 4);
    if (page.empty()) break;
    EXPECT_LE(page.size(), 4U);
    for (const ReadEntry& read : page) seqs.push_back(read.entry.seq);
    next = seqs.back() + 1;
  }
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{2, 3, 4, 5, 6, 7}));
}

TEST_F(Reading, PagesBackThroughARange) {
  const auto writer = log_.open();
  for (int i = 0; i < 9; ++i) writer->append(a_transfer());
  LogReader reader(log_.place().database);
  std::vector<std::uint64_t> seqs;
  for (std::uint64_t end = 8;;) {
    const auto page = reader.entries_before(end, 2, 4);
    if (page.empty()) break;
    EXPECT_LE(page.size(), 4U);
    for (const ReadEntry& read : page) seqs.push_back(read.entry.seq);
    end = seqs.back();
  }
  EXPECT_EQ(seqs, (std::vector<std::uint64_t>{7, 6, 5, 4, 3, 2}));
}

TEST_F(Reading, FindsTheHistoryOfOnePatient) {
  const auto writer = log_.open();
  for (const char* patient : {"P1", "P2", "P1", "P1"}) writer->append(a_transfer(patient));
  LogReader reader(log_.place().database);
  const Subject patient = index().subject(SubjectKind::patient, "P1");
  EXPECT_EQ(reader.history(patient, 0, 10), (std::vector<std::uint64_t>{1, 3, 4}));
  EXPECT_EQ(reader.history(patient, 2, 1), std::vector<std::uint64_t>{3});
  EXPECT_TRUE(reader.history(index().subject(SubjectKind::study, "P1"), 0, 10).empty());
  EXPECT_EQ(reader.history_before(patient, 99, 10), (std::vector<std::uint64_t>{4, 3, 1}));
  EXPECT_EQ(reader.history_before(patient, 4, 1), std::vector<std::uint64_t>{3});
  EXPECT_TRUE(reader.history_before(patient, 1, 10).empty());
  EXPECT_TRUE(reader.history_before(patient, 0, 10).empty());
}

TEST_F(Reading, FindsAHistoryThatGoesOnInLaterSpans) {
  log_.open()->append(a_transfer("P1"));
  const Subject patient = index().subject(SubjectKind::patient, "P1");
  const auto row = [&](std::uint64_t seq) {
    return "INSERT INTO audit_object VALUES (" + std::to_string(index_span(seq)) + ", x'" +
           core::to_hex(patient.hash) + "', 1, " + std::to_string(seq) + ");";
  };
  log_.tamper(row(kIndexSpan - 1) + row(kIndexSpan) + row(3 * kIndexSpan) +
              "UPDATE audit_head SET size = " + std::to_string(3 * kIndexSpan + 1));
  LogReader reader(log_.place().database);
  const std::vector<std::uint64_t> all = {1, kIndexSpan - 1, kIndexSpan, 3 * kIndexSpan};
  EXPECT_EQ(reader.history(patient, 0, 10), all);
  EXPECT_EQ(reader.history(patient, 0, 3), std::vector(all.begin(), all.begin() + 3));
  EXPECT_EQ(reader.history(patient, kIndexSpan, 1), std::vector{kIndexSpan});
  EXPECT_EQ(reader.history(patient, kIndexSpan + 1, 9), std::vector{3 * kIndexSpan});
  EXPECT_EQ(reader.history_before(patient, 4 * kIndexSpan, 10),
            std::vector(all.rbegin(), all.rend()));
  EXPECT_EQ(reader.history_before(patient, 3 * kIndexSpan, 2),
            (std::vector{kIndexSpan, kIndexSpan - 1}));
  EXPECT_EQ(reader.history_before(patient, kIndexSpan, 1), std::vector{kIndexSpan - 1});
}

TEST_F(Reading, FindsWhereATimeBegins) {
  core::Time now = test::a_time();
  {
    AuditLog writer(
        log_.place(), [&] { return now; }, test::no_report(),
        tests::uptime_of([&] { return now; }));
    for (int i = 1; i <= 6; ++i) {
      now = test::a_time() + std::chrono::hours(i);
      writer.append(a_transfer());
    }
  }
  LogReader reader(log_.place().database);
  EXPECT_EQ(reader.first_since(test::a_time() - std::chrono::hours(1)), 0U);
  for (std::uint64_t i = 1; i <= 6; ++i) {
    const core::Time time = test::a_time() + std::chrono::hours(i);
    EXPECT_EQ(reader.first_since(time), i);
    EXPECT_EQ(reader.first_since(time - std::chrono::minutes(1)), i);
  }
  EXPECT_EQ(reader.first_since(test::a_time() + std::chrono::hours(7)), 7U);
}

TEST_F(Reading, FindsTheNewestEntryOfAnEvent) {
  const auto start = [](const std::string& institution) {
    Event event;
    event.code = EventCode::service_start;
    event.facts["institution"] = institution;
    return event;
  };
  {
    const auto log = log_.open();
    log->append(start("first"));
    log->append(start("\"event\":\"log.prune\""));
    log->append(a_transfer());
  }
  LogReader reader(log_.place().database);
  EXPECT_EQ(reader.last(EventCode::service_start, 4)->entry.seq, 2U);
  EXPECT_EQ(reader.last(EventCode::service_start, 2)->entry.facts.at("institution"), "first");
  EXPECT_FALSE(reader.last(EventCode::service_start, 1));
  EXPECT_FALSE(reader.last(EventCode::log_prune, 4));
}

TEST_F(Reading, OpensTheTextOfEverybody) {
  Event event = a_transfer("P1", "1.1");
  event.actor = "dr.sato";
  event.purpose = "二次読影";
  event.organisation = "やまだ会";
  event.studies = {{"P1", "1.1", "Ito^Ume", "20260131", "CT", "HEAD"},
                   {.patient_id = "P3", .patient_name = "Ota^Ken"}};
  event.objects.push_back({"P1", "1.1", "1.1.1", "1.1.1.2"});
  event.objects.push_back({"P2", "2.2", "", ""});
  event.objects.push_back({"P3", "", "", ""});
  log_.open()->append(event);
  const EntryText text = text_of(1);
  EXPECT_EQ(text.actor, "dr.sato");
  EXPECT_EQ(text.purpose, "二次読影");
  EXPECT_EQ(text.organisation, "やまだ会");
  ASSERT_EQ(text.studies.size(), 2U);
  const bool first_is_a_study = !text.studies[0].study_uid.empty();
  const StudyWords& study = text.studies[first_is_a_study ? 0 : 1];
  EXPECT_EQ(study.patient_id + study.study_uid, "P11.1");
  EXPECT_EQ(study.patient_name, "Ito^Ume");
  EXPECT_EQ(study.date + study.modalities + study.description, "20260131CTHEAD");
  EXPECT_EQ(text.studies[first_is_a_study ? 1 : 0].patient_name, "Ota^Ken");
  EXPECT_EQ(text.recipient_id, event.recipient_id);
  EXPECT_EQ(text.recipient_name, event.recipient_name);
  EXPECT_EQ(text.user_agent, event.user_agent);
  EXPECT_EQ(text.shredded, 0U);
  std::vector<ObjectRef> objects = text.objects;
  std::sort(objects.begin(), objects.end(), by_place);
  std::sort(event.objects.begin(), event.objects.end(), by_place);
  EXPECT_TRUE(std::equal(objects.begin(), objects.end(), event.objects.begin(), event.objects.end(),
                         same_place));
}

TEST_F(Reading, LeavesOutWhatWasShredded) {
  log_.open()->append(a_transfer());
  log_.tamper("UPDATE audit_key SET wrapped = NULL WHERE kind = 1");
  const EntryText text = text_of(1);
  EXPECT_EQ(text.shredded, 1U);
  EXPECT_TRUE(text.objects.empty());
  EXPECT_EQ(text.recipient_name, "山田クリニック");
}

TEST_F(Reading, RefusesTextThatSomebodyMoved) {
  {
    const auto writer = log_.open();
    writer->append(a_transfer("P1"));
    writer->append(a_transfer("P1"));
  }
  LogReader reader(log_.place().database);
  Entry entry = reader.entry(1)->entry;
  entry.salt = reader.entry(2)->entry.salt;
  EXPECT_THROW(texts().open(entry), AuditError);
}

TEST_F(Reading, RefusesTheWrappingKeyOfAnotherLog) {
  log_.open()->append(a_transfer());
  const ALog other;
  TextReader wrong(log_.place().database, WrappingKey(read_secret_key(other.place().wrapping_key)));
  EXPECT_THROW(wrong.open(LogReader(log_.place().database).entry(1)->entry), AuditError);
}

TEST_F(Reading, RefusesWhatIsNoEntry) {
  log_.open()->append(a_transfer());
  log_.tamper("UPDATE audit_entry SET entry = entry || ' ' WHERE seq = 1");
  LogReader reader(log_.place().database);
  EXPECT_THROW(reader.entry(1), AuditError);
  EXPECT_THROW(reader.entries(0, 2, 10), AuditError);
  EXPECT_TRUE(reader.entry(0));
}

TEST_F(Reading, RefusesADatabaseThatIsNoLog) {
  const auto file = log_.place().database.parent_path() / "other.db";
  core::db::open(file);
  EXPECT_THROW(LogReader{file}, AuditError);
}

TEST(BoxText, IsReadAsItWasWritten) {
  const ObjectRef objects[] = {
      {"P", "1", "1.1", "1.1.1"}, {"P", "1", "1.1", "1.1.2"}, {"P", "1", "1.2", ""}};
  BoxText text;
  text.name = "a \"name\"";
  text.patient = "P";
  for (const ObjectRef& object : objects) text.objects.push_back(&object);
  const auto box = read_box_text(write_box_text(text));
  ASSERT_TRUE(box);
  EXPECT_EQ(box->name, text.name);
  EXPECT_TRUE(std::equal(box->objects.begin(), box->objects.end(), std::begin(objects),
                         std::end(objects), same_place));
  EXPECT_TRUE(read_box_text("{}"));
}

TEST(BoxText, IsReadStrictly) {
  for (const char* bad : {"", "{", "{}{}", R"({"actor":""})", R"({"patient":"P","actor":"A"})",
                          R"({"objects":[]})", R"({"objects":[{"instances":[]}]})",
                          R"({"other":"x"})", R"({ "actor":"A"})", R"({"actor":"A",})"}) {
    EXPECT_FALSE(read_box_text(bad)) << bad;
  }
}

TEST(EventCode, IsFoundByItsName) {
  EXPECT_EQ(event_code("log.open"), EventCode::log_open);
  EXPECT_EQ(event_code("mask_key.rotate"), EventCode::mask_key_rotate);
  EXPECT_FALSE(event_code("no.such_event"));
}

}  // namespace
}  // namespace sekisho::audit
