// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/report.h"

#include <gtest/gtest.h>

#include <sstream>

#include "audit/command/command.h"
#include "audit/report/evidence_reader.h"
#include "audit/report/pdf_file.h"
#include "audit/report/plain_text.h"
#include "audit/report/spoken.h"
#include "unit/audit/an_event.h"

namespace sekisho::audit::report {
namespace {

using test::a_transfer;
using test::an_outcome;
using Verdict = Findings::Verdict;

Event a_share() {
  Event event = a_transfer();
  event.code = EventCode::share_create;
  event.authentication = "staff";
  event.source.clear();
  event.user_agent.clear();
  event.actor = "k.suzuki";
  event.facts = {{"assurance", "password"},
                 {"expires_at", "2026-03-01T00:00:00Z"},
                 {"options", "CleanDescriptors RetainUids"},
                 {"permissions", "view download return"},
                 {"profile", "ps3.15-basic"},
                 {"risks", "free-text-kept"}};
  event.intended_use = "reading";
  event.purpose = "紹介先での診療のため";
  return event;
}

/// With what people call the study and those who have to do with it.
Event with_words(Event event) {
  event.organisation = "医療法人社団 山手会";
  event.studies = {{"P1001", "1.2.3", "Yamada^Hanako=山田^花子=やまだ^はなこ", "20260115", "CT\\SR",
                    "胸部単純"}};
  return event;
}

Question a_question(Language language = Language::japanese) {
  Question question;
  question.language = language;
  question.patient = "P1001";
  question.zone = {std::chrono::hours(9), {}};
  question.made = test::a_time();
  return question;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A log with: 0 log.open, 1 a share, 2 and 3 a transfer and its outcome, 4 somebody else's
/// transfer.
class Report : public ::testing::Test {
 protected:
  Report() {
    const auto log = log_.open();
    log->append(a_share());
    const Receipt intent = log->append(a_transfer());
    Event outcome = an_outcome(intent.seq());
    outcome.detail = "complete";
    log->append(outcome);
    log->append(a_transfer("P2002", "1.2.99"));
  }

  void append(const Event& event) const { log_.open()->append(event); }
  KeyChain keys() const { return KeyChain(NoteVerifier::parse(log_.key()).value()); }
  StoredHead head() const { return LogReader(log_.place().database).head(); }
  Evidence evidence(const Question& question = a_question()) const {
    return gather(log_.place(), question, head());
  }
  std::string html(const Question& question = a_question()) const {
    return write_report(evidence(question), keys(), Format::html);
  }
  std::string pdf(const Question& question = a_question()) const {
    return write_report(evidence(question), keys(), Format::pdf);
  }
  Verdict verdict(std::string_view file) const { return check_report(file, keys()).verdict; }

  struct Ran {
    ExitCode code;
    std::string out;
    std::string err;
  };
  static Ran run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "report");
    const std::vector<std::string_view> views(arguments.begin(), arguments.end());
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code = run_command(views, out, err);
    return {code, out.str(), err.str()};
  }
  std::string data() const { return log_.place().database.parent_path().string(); }
  /// What the hospital itself says of a report, with the log at hand.
  Ran compare(const std::string& file) const {
    const std::filesystem::path report = log_.place().database.parent_path() / "report";
    std::ofstream(report, std::ios::binary) << file;
    return run({"--check", report, "--data", data()});
  }

  test::ALog log_;
};

TEST_F(Report, TellsInJapaneseWhoSawWhatFromWhereAndWhy) {
  const std::string page = html();
  for (const char* said :
       {"<html lang=\"ja\">", "患者情報アクセス報告書", "共有の設定", "画像等の送信", "送信完了",
        "山田クリニック", "k.suzuki", "10.20.0.17", "診療", "アクセストークン", "1.2.3.1.1",
        "532,480", "2026年1月31日", "21:00", "2026-01-31 21:00:00", "2026-01-31 12:00:00",
        "2026年3月1日 9:00", "紹介先での診療のため", "Sekisho）を通らないアクセスは含まれません"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
}

TEST_F(Report, TellsTheSameInEnglish) {
  const std::string page = html(a_question(Language::english));
  for (const char* said :
       {"<html lang=\"en\">", "Report of access to a patient", "Share created", "Images sent",
        "sent completely", "山田クリニック", "10.20.0.17", "Treatment", "Reading (diagnosis)",
        "access token", "31 January 2026", "21:00", "does not go through Sekisho"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
  EXPECT_FALSE(has(page, "送信"));
}

TEST_F(Report, SpeaksOfPatientAndStudyAsPeopleDo) {
  append(with_words(a_transfer()));
  Question question = a_question();
  question.institution = "関所総合病院";
  const std::string page = html(question);
  EXPECT_EQ(verdict(page), Verdict::proven);
  for (const char* said : {"関所総合病院", "山田 花子（やまだ はなこ） 様",
                           "2026年1月15日　CT・レポート　胸部単純", "医療法人社団 山手会"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
  question.language = Language::english;
  question.patient_name = "Hanako Yamada";
  const std::string english = html(question);
  EXPECT_EQ(verdict(english), Verdict::proven);
  for (const char* said : {"Hanako Yamada", "15 January 2026 · CT, Report · 胸部単純"}) {
    EXPECT_TRUE(has(english, said)) << said;
  }
  EXPECT_FALSE(has(english, "花子 "));
}

// What one entry says of a study holds for all of them: a revocation does not ask the archive.
TEST_F(Report, CallsAStudyTheSameInEveryRow) {
  append(with_words(a_transfer()));
  const std::string page = html();
  EXPECT_FALSE(has(page, "日付等の記録なし"));
  EXPECT_TRUE(has(page, "検査1</span>"));
  EXPECT_FALSE(has(page, "検査2</span>"));
}

TEST_F(Report, TellsOfAStudyThatNoEntryDescribes) { EXPECT_TRUE(has(html(), "日付等の記録なし")); }

// A patient reads "ps3.15-basic" in vain.
TEST_F(Report, HasNoCodesWhereThereAreWords) {
  for (const Language language : {Language::japanese, Language::english}) {
    const std::string all = html(a_question(language));
    const std::string page = all.substr(0, all.find("<pre id=\"evidence\">"));
    for (const char* code : {"ps3.15-basic", "CleanDescriptors", "RetainUids", "free-text-kept",
                             ">password", "TREAT", "share.create", "transfer"}) {
      EXPECT_FALSE(has(page, code)) << code;
    }
  }
  const std::string page = html();
  for (const char* said : {"DICOM標準の匿名化", "閲覧・ダウンロード・読影結果等の返却",
                           "自由記述文が残る", "読影（画像診断）", "パスワード相当"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
}

TEST_F(Report, TellsTheTimesOfItsPlaceOverAChangeOfClocks) {
  Question question = a_question(Language::english);
  const core::Time change = test::a_time() - std::chrono::minutes(30);
  question.zone = {std::chrono::hours(1), {{change, std::chrono::hours(2)}}};
  question.from = change - std::chrono::minutes(1);
  const std::string page = html(question);
  EXPECT_EQ(verdict(page), Verdict::proven);
  EXPECT_TRUE(has(page, "from 31 January 2026, 12:29"));
  EXPECT_TRUE(has(page, "14:00"));
  EXPECT_TRUE(has(page, "UTC+01:00 / +02:00"));
}

TEST_F(Report, TellsItsPeriodInDays) {
  Question question = a_question();
  using std::chrono::January;
  using std::chrono::sys_days;
  question.from =
      core::Time{sys_days{std::chrono::year{2026} / January / 1}} - std::chrono::hours(9);
  question.until = *question.from + std::chrono::days(31);
  EXPECT_TRUE(has(html(question), "2026年1月1日から2026年1月31日まで"));
  question.until = *question.from + std::chrono::hours(36);
  EXPECT_TRUE(has(html(question), "2026年1月1日から2026年1月2日 12:00より前"));
  question.language = Language::english;
  question.from.reset();
  EXPECT_TRUE(has(html(question), "until 2 January 2026, 12:00"));
}

TEST_F(Report, OfAnOlderFormIsProvenButItsPageCannotBeTold) {
  const std::string page = test::read_file(SEKISHO_SOURCE_DIR "/tests/data/report-form-1.html");
  const KeyChain log(
      NoteVerifier::parse("localhost/sekisho+76cdeb91+AeQqvneDbd58oahcthbwrSLQdA3rGAHNsFyjgwCh+29l")
          .value());
  const Findings found = check_report(page, log);
  EXPECT_EQ(found.verdict, Verdict::untold);
  EXPECT_EQ(found.evidence->entries.size(), 2U);
  EXPECT_TRUE(has(found.why, "older"));
  std::string forged = page;
  forged.replace(forged.find("index 11"), 8, "index 12");
  EXPECT_EQ(check_report(forged, log).verdict, Verdict::refused);
}

TEST_F(Report, IsProvenToWhoeverHasTheKey) {
  for (const Language language : {Language::japanese, Language::english}) {
    for (const std::string& file : {html(a_question(language)), pdf(a_question(language))}) {
      const Findings found = check_report(file, keys());
      EXPECT_EQ(found.verdict, Verdict::proven) << found.why;
      EXPECT_EQ(found.acts, 2U);
      EXPECT_EQ(found.evidence->entries.size(), 3U);
      EXPECT_EQ(found.tree.size, 5U);
    }
  }
}

TEST_F(Report, IsRefusedUnderAForeignKey) {
  const test::ALog other;
  const NoteVerifier foreign = NoteVerifier::parse(other.key()).value();
  for (const std::string& file : {html(), pdf()}) {
    EXPECT_EQ(check_report(file, KeyChain(foreign)).verdict, Verdict::refused);
  }
}

TEST_F(Report, IsRefusedWithAnyByteChanged) {
  std::string page = html();
  for (std::size_t at = 0; at < page.size(); at += 3) {
    page[at] = static_cast<char>(page[at] ^ 1);
    ASSERT_NE(verdict(page), Verdict::proven)
        << page.substr(at - std::min<std::size_t>(at, 40), 80);
    page[at] = static_cast<char>(page[at] ^ 1);
  }
  EXPECT_EQ(verdict(page), Verdict::proven);
}

TEST_F(Report, IsRefusedWithAnyByteMoreOrLess) {
  const std::string page = html();
  for (const std::string& other : {page + "\n", page.substr(0, page.size() - 1), "\n" + page,
                                   page.substr(1), std::string(), std::string("%PDF-")}) {
    EXPECT_EQ(verdict(other), Verdict::refused);
  }
}

TEST_F(Report, HasNothingThatRunsOrComesFromElsewhere) {
  const std::string page = html();
  EXPECT_TRUE(has(page, "default-src 'none'"));
  for (const char* foreign : {"<script", "http:", "https:", "<link", "<img", "@import", "url("}) {
    EXPECT_FALSE(has(page, foreign)) << foreign;
  }
}

TEST_F(Report, SaysNothingOfOtherPatients) {
  Event both = a_transfer();
  both.objects.push_back({"P2002", "1.2.99", "1.2.99.1", ""});
  append(both);
  EXPECT_FALSE(has(html(), "1.2.99"));
  for (const ProvenEntry& proven : evidence().entries) {
    for (const ObjectRef& object : proven.opened.objects) EXPECT_EQ(object.patient_id, "P1001");
  }
}

TEST_F(Report, CarriesNoKey) {
  const std::string page = html();
  for (const auto& file : {log_.place().wrapping_key, log_.place().index_key}) {
    EXPECT_FALSE(has(page, test::first_line(file)));
  }
}

TEST_F(Report, TellsEveryKindOfEventWithTheMostUnpleasantNames) {
  test::append_every_event(log_);
  Question question = a_question();
  question.patient = test::an_unpleasant_event(EventCode::query).objects.front().patient_id;
  for (const Format format : {Format::html, Format::pdf}) {
    const std::string file = write_report(evidence(question), keys(), format);
    const Findings found = check_report(file, keys());
    EXPECT_EQ(found.verdict, Verdict::proven) << found.why;
    EXPECT_GT(found.acts, 15U);
  }
  const std::string page = html(question);
  EXPECT_TRUE(has(page, "&lt;クリニック&gt;"));
  EXPECT_FALSE(has(page, "<クリニック>"));
  EXPECT_TRUE(has(page, "P&lt;1&gt;&amp;&quot;&#39;\xEF\xBF\xBD\xEF\xBF\xBD"));
}

TEST_F(Report, TellsThatATransferHasNoEndOnRecord) {
  append(a_transfer());
  EXPECT_TRUE(has(html(), "終了の記録なし"));
  EXPECT_EQ(verdict(html()), Verdict::proven);
}

TEST_F(Report, TellsAViewingAndAnExpiryAsWhatTheyAre) {
  Event viewing = a_transfer();
  viewing.detail = "viewing";
  const Receipt begin = log_.open()->append(viewing);
  Event end = an_outcome(begin.seq());
  end.facts = {{"answers", "12"}, {"frames", "240"}};
  append(end);
  Event expiry = a_share();
  expiry.code = EventCode::share_expire;
  expiry.authentication = "none";
  expiry.facts = {{"expired_at", "2026-03-01T00:00:00Z"}};
  append(expiry);
  const std::string page = html(a_question(Language::english));
  EXPECT_EQ(verdict(page), Verdict::proven);
  for (const char* said :
       {"Images viewed", "Answers", "Single frames 240", "Share expired", "the system itself"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
}

TEST_F(Report, DoesNotTellThatAnImageWasSentWhichCouldNotBeRead) {
  Event transfer = a_transfer();
  transfer.objects = {{"P1001", "1.2.3", "", ""}, {"P1001", "1.2.3", "1.2.3.77", "1.2.3.77.2"}};
  transfer.facts = {{"missing", "1"}};
  Event end = an_outcome(log_.open()->append(transfer).seq());
  end.outcome = Outcome::minor_failure;
  end.detail = "incomplete";
  end.facts = {{"missing", "1"}};
  append(end);
  Event metadata = transfer;
  metadata.code = EventCode::query;
  metadata.detail = "metadata";
  metadata.outcome = Outcome::minor_failure;
  append(metadata);
  const std::string page = html(a_question(Language::english));
  EXPECT_EQ(verdict(page), Verdict::proven);
  for (const char* said : {"sent, without images that could not be read", "Images not sent",
                           "Image not sent", "1.2.3.77.2"}) {
    EXPECT_TRUE(has(page, said)) << said;
  }
  EXPECT_FALSE(has(page, "1.2.3.77<")) << "a series of which nothing is said to be sent";
  EXPECT_FALSE(has(page, "minor failure"));
}

TEST_F(Report, FindsTheEndOfATransferFarBehindItsBeginning) {
  {
    const auto log = log_.open();
    const Receipt first = log->append(a_transfer());
    for (int i = 0; i < 2500; ++i) log->append_later(a_transfer("P2002"));
    log->append(an_outcome(first.seq()));
  }
  const Evidence found = evidence();
  EXPECT_NE(acts_of(found)->back().outcome, nullptr);
  EXPECT_EQ(acts_of(found)->back().outcome->entry.intent, found.entries[3].entry.seq);
}

TEST_F(Report, TellsAnActOfSeveralEntriesOnce) {
  Event many = a_transfer();
  for (int i = 0; i < 400; ++i) {
    many.objects.push_back({"P1001", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)});
  }
  append(many);
  const Evidence found = evidence();
  const auto acts = acts_of(found);
  ASSERT_TRUE(acts);
  EXPECT_EQ(acts->size(), 3U);
  EXPECT_GT(acts->back().parts.size(), 2U);
  EXPECT_TRUE(has(html(), "画像等 400 点"));
}

TEST_F(Report, KeepsToItsPeriod) {
  Question question = a_question();
  question.from = test::a_time();
  question.until = test::a_time() + std::chrono::seconds(1);
  EXPECT_EQ(acts_of(evidence(question))->size(), 2U);
  question.until = test::a_time();
  EXPECT_EQ(evidence(question).entries.size(), 0U);
  question.until.reset();
  question.from = test::a_time() + std::chrono::microseconds(1);
  EXPECT_EQ(evidence(question).entries.size(), 0U);
}

TEST_F(Report, IsProvenWhereNothingIsOnRecord) {
  Question question = a_question();
  question.patient = "nobody";
  for (const std::string& file : {html(question), pdf(question)}) {
    EXPECT_EQ(verdict(file), Verdict::proven);
  }
  EXPECT_TRUE(has(html(question), "記録はありません"));
}

TEST_F(Report, TellsThatTextIsGoneWhereItsKeyIs) {
  log_.tamper("UPDATE audit_key SET wrapped = NULL WHERE kind = 1");
  const std::string page = html();
  EXPECT_EQ(verdict(page), Verdict::proven);
  EXPECT_TRUE(has(page, "消去済み"));
  EXPECT_TRUE(has(page, "山田クリニック"));
  EXPECT_FALSE(has(page, "1.2.3.1"));
  log_.tamper("UPDATE audit_key SET wrapped = NULL");
  EXPECT_FALSE(has(html(), "山田クリニック"));
  EXPECT_EQ(verdict(html()), Verdict::proven);
}

TEST_F(Report, StandsUnderItsCheckpointHoweverTheLogGrows) {
  const StoredHead then = head();
  append(a_transfer());
  const Evidence found = gather(log_.place(), a_question(), then);
  EXPECT_EQ(found.entries.size(), 3U);
  EXPECT_EQ(verdict(write_report(found, keys(), Format::html)), Verdict::proven);
}

TEST_F(Report, IsNotMadeUnderACheckpointOfAnotherLog) {
  const test::ALog other;
  for (int i = 0; i < 4; ++i) other.open()->append(a_transfer());
  StoredHead foreign = LogReader(other.place().database).head();
  EXPECT_THROW(gather(log_.place(), a_question(), foreign), AuditError);
  other.open()->append(a_transfer());
  foreign = LogReader(other.place().database).head();
  EXPECT_THROW(gather(log_.place(), a_question(), foreign), AuditError);
}

TEST_F(Report, IsNotMadeOfEntriesThatDoNotBelongIntoIt) {
  Question other = a_question();
  other.patient = "P2002";
  Evidence mixed = evidence();
  mixed.entries.push_back(evidence(other).entries.front());
  EXPECT_THROW(write_report(mixed, keys(), Format::html), AuditError);
  Evidence twice = evidence();
  twice.entries.push_back(twice.entries.back());
  EXPECT_THROW(write_report(twice, keys(), Format::html), AuditError);
  Evidence orphan = evidence();
  orphan.entries.erase(orphan.entries.begin() + 1);  // an outcome without its intent
  EXPECT_THROW(write_report(orphan, keys(), Format::html), AuditError);
}

// What proofs alone do not show, and who has the log can.
TEST_F(Report, ComparedWithTheLogLacksNothing) {
  EXPECT_EQ(compare(html()).code, ExitCode::good) << compare(html()).out;
  Evidence less = evidence();
  less.entries.erase(less.entries.begin());
  const std::string file = write_report(less, keys(), Format::html);
  EXPECT_EQ(verdict(file), Verdict::proven);
  const Ran compared = compare(file);
  EXPECT_EQ(compared.code, ExitCode::failed);
  EXPECT_TRUE(has(compared.out, "NOT THE SAME"));
}

TEST_F(Report, ComparedWithTheLogTellsTheTextThatWasEncrypted) {
  Evidence lie = evidence();
  lie.entries[1].opened.name = "somebody else";
  const std::string file = write_report(lie, keys(), Format::html);
  EXPECT_EQ(verdict(file), Verdict::proven);
  EXPECT_EQ(compare(file).code, ExitCode::failed);
}

TEST_F(Report, MadeByAnotherVersionIsNotCalledForged) {
  const std::string mine = "software sekisho " SEKISHO_VERSION;
  std::string theirs = html();
  theirs.replace(theirs.find(mine), mine.size(), "software sekisho 9.9");
  EXPECT_EQ(verdict(theirs), Verdict::untold);
}

TEST_F(Report, AsPdfHasTheOtherAttached) {
  const std::string file = pdf();
  const auto parts = detach(file);
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->html, html());
  EXPECT_TRUE(parts->pages.starts_with("%PDF-"));
  EXPECT_TRUE(parts->pages.ends_with("%%EOF\n"));
}

TEST_F(Report, AsPdfIsNotProvenWhereTheAttachmentChanged) {
  const std::string file = pdf();
  const std::size_t begin = detach(file)->pages.size();
  for (std::size_t at = begin; at < file.size(); at += 101) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ASSERT_NE(verdict(changed), Verdict::proven) << at;
  }
  for (const std::string& other : {file + "\n", file.substr(0, file.size() - 1), file + file}) {
    EXPECT_EQ(verdict(other), Verdict::refused);
  }
}

TEST_F(Report, AsPdfIsNotProvenWhereAPageChanged) {
  const std::string file = pdf();
  const std::size_t end = detach(file)->pages.size();
  for (std::size_t at = 5; at < end; at += 9973) {
    std::string changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    ASSERT_NE(verdict(changed), Verdict::proven) << at;
  }
}

TEST_F(Report, CommandWritesAndChecksFilesForTheOwnerAlone) {
  for (const char* format : {"html", "pdf"}) {
    const std::string to = data() + "/report";
    const Ran made = run({"--data", data(), "--patient", "P1001", "--lang", "ja", "--format",
                          format, "--time-zone", "+09:00", "--to", to});
    EXPECT_EQ(made.code, ExitCode::good) << made.err;
    EXPECT_EQ(std::filesystem::status(to).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const Ran checked = run({"--check", to, "--key", log_.key()});
    EXPECT_EQ(checked.code, ExitCode::good) << checked.out << checked.err;
    EXPECT_TRUE(checked.out.starts_with("proven\n"));
    const test::ALog other;
    const Ran foreign = run({"--check", to, "--key", other.key()});
    EXPECT_EQ(foreign.code, ExitCode::failed);
    EXPECT_TRUE(foreign.out.starts_with("NOT PROVEN"));
  }
}

TEST_F(Report, CommandRefusesWhatItDoesNotUnderstand) {
  const std::vector<std::string> good = {"--data",   data(), "--patient", "P1001",
                                         "--format", "html", "--to",      data() + "/report"};
  for (const std::vector<std::string>& bad : {std::vector<std::string>{},
                                              {"--lang", "fr"},
                                              {"--lang", "ja", "--until", "2026"},
                                              {"--lang", "ja", "--time-zone", "JST"},
                                              {"--lang", "ja", "--from", "yesterday"},
                                              {"--lang", "ja", "--more", "x"}}) {
    std::vector<std::string> arguments = good;
    arguments.insert(arguments.end(), bad.begin(), bad.end());
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, ExitCode::misused);
    EXPECT_TRUE(has(ran.err, "Try 'sekisho-audit report --help'"));
  }
  EXPECT_EQ(run({"--check", data() + "/audit.pub", "--key", log_.key()}).code, ExitCode::failed);
  EXPECT_EQ(run({"--check", data() + "/nowhere", "--key", log_.key()}).code, ExitCode::failed);
}

TEST(ReportZone, HasOneSpellingOfAnOffset) {
  for (const char* offset : {"+09:00", "-03:30", "+00:00", "+14:00", "-14:00"}) {
    ASSERT_TRUE(parse_offset(offset)) << offset;
    EXPECT_EQ(to_text(*parse_offset(offset)), offset);
  }
  for (const char* offset : {"", "Z", "09:00", "+9:00", "+09:60", "+14:01", "-00:00", "+0x:00",
                             "+09-00", "+09:000", "JST"}) {
    EXPECT_FALSE(parse_offset(offset)) << offset;
  }
}

TEST(ReportZone, KnowsWhenTheClocksOfAPlaceAreChanged) {
  const auto time = [](const char* text) { return core::parse_rfc3339(text).value(); };
  const core::Time first = time("2026-01-01T00:00:00Z");
  const core::Time last = time("2026-12-31T00:00:00Z");
  {
    const auto berlin = ProcessZone::named("Europe/Berlin");
    ASSERT_TRUE(berlin);
    const Zone zone = zone_between(first, last);
    EXPECT_EQ(zone, (Zone{std::chrono::hours(1),
                          {{time("2026-03-29T01:00:00Z"), std::chrono::hours(2)},
                           {time("2026-10-25T01:00:00Z"), std::chrono::hours(1)}}}));
    EXPECT_EQ(zone.at(time("2026-03-29T00:59:59Z")), std::chrono::hours(1));
    EXPECT_EQ(zone.at(time("2026-03-29T01:00:00Z")), std::chrono::hours(2));
    EXPECT_EQ(zone.at(last), std::chrono::hours(1));
  }
  for (const char* name : {"Asia/Tokyo", "+09:00"}) {
    const auto place = ProcessZone::named(name);
    ASSERT_TRUE(place) << name;
    EXPECT_EQ(zone_between(first, last), (Zone{std::chrono::hours(9), {}})) << name;
  }
  for (const char* name :
       {"", "Asia", "Asia/Tokio", "../../etc/passwd", "/etc/localtime", "JST-9"}) {
    EXPECT_FALSE(ProcessZone::named(name)) << name;
  }
}

TEST(ReportName, IsInTheScriptOfTheLanguage) {
  using enum Language;
  EXPECT_EQ(person_name("Yamada^Hanako=山田^花子=やまだ^はなこ", japanese),
            "山田 花子（やまだ はなこ）");
  EXPECT_EQ(person_name("Yamada^Hanako=山田^花子=やまだ^はなこ", english),
            "Yamada Hanako (山田 花子)");
  EXPECT_EQ(person_name("山田^花子", japanese), "山田 花子");
  EXPECT_EQ(person_name("=山田^花子", english), "山田 花子");
  EXPECT_EQ(person_name("Doe^Jane^^Dr", english), "Doe Jane Dr");
  EXPECT_EQ(person_name("", japanese), "");
}

TEST(ReportText, CannotTurnTheDirectionOfWhatStandsBesideIt) {
  EXPECT_EQ(printable("a\xE2\x80\xAE"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(printable(std::string_view("\0\x1F\x7F\xC2\x85", 5)),
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("\xFF\xC3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable("山田 – Ünal 😀"), "山田 – Ünal 😀");
}

TEST(ReportText, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

TEST(ReportPdf, TakesAnythingForAFile) {
  for (const char* text :
       {"", "%PDF-", "% sekisho-audit report\n", "% sekisho-audit report\n/Length 5 >>\nstream\nab",
        "% sekisho-audit report\n/Length 99999999999999999999 >>\nstream\nab",
        "% sekisho-audit report\n >>\nstream\nab /Length 2"}) {
    EXPECT_FALSE(detach(text)) << text;
  }
  EXPECT_THROW(attach("no pages", "", "ja"), AuditError);
}

}  // namespace
}  // namespace sekisho::audit::report
