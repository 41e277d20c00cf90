// SPDX-License-Identifier: GPL-3.0-or-later
// STOW-RS: what a recipient sends back, and what the archive has afterwards.
#include <algorithm>
#include <optional>
#include <stdexcept>

#include "core/store_error.h"
#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::tests {
namespace {

constexpr std::string_view kComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr std::string_view kEncapsulatedPdf = "1.2.840.10008.5.1.4.1.1.104.1";
constexpr std::string_view kReport = "1.2.392.200036.9.1.1";
constexpr std::string_view kReportSeries = "1.2.392.200036.9.1";  // Report::series
constexpr sharing::Permissions kReturns = {.view = true, .download = true, .give_back = true};

constexpr std::string_view kPdf = "%PDF-1.4\n%%EOF\n";

/// A report, before it is sent.
struct Report {
  std::string study;      ///< as the recipient knows it
  std::string reference;  ///< likewise
  std::string instance{kReport};
  std::string sop_class{kComprehensiveSr};
  std::string series = "1.2.392.200036.9.1";
  std::string document = {};  ///< a PDF, or what is said to be one
};

Bytes make(const Report& report) {
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0016}, Vr::UI, report.sop_class)
      .text(Tag{0x0008, 0x0018}, Vr::UI, report.instance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "SR")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "ANONYMOUS")
      .text(Tag{0x0020, 0x000D}, Vr::UI, report.study)
      .text(Tag{0x0020, 0x000E}, Vr::UI, report.series)
      .begin_sequence(Tag{0x0040, 0xA375})
      .begin_item()
      .text(Tag{0x0008, 0x1155}, Vr::UI, report.reference)
      .end_item()
      .end_sequence();
  if (!report.document.empty()) {
    dataset.bytes(Tag{0x0042, 0x0011}, Vr::OB, core::as_bytes(report.document))
        .text(Tag{0x0042, 0x0012}, Vr::LO, "application/pdf");
  }
  return dataset.part10(report.sop_class, report.instance);
}

class StoreService : public ::testing::Test, public RecipientDesk {
 protected:
  void SetUp() override { put(image_); }

  /// A report on the image, as the share shows it.
  Report report_for(const sharing::Share& share) {
    const Json::Value row = rows(share, "/instances")[0];
    return {row["0020000D"]["Value"][0].asString(), row["00080018"]["Value"][0].asString()};
  }
  static std::string part(const Bytes& part10, std::string_view type = "application/dicom") {
    return "--edge\r\nContent-Type: " + std::string(type) + "\r\n\r\n" +
           std::string(core::as_text(part10)) + "\r\n";
  }
  dicomweb::Reply post(
      const sharing::Share& to, std::string body, std::string_view path = "/studies",
      std::string type = R"(multipart/related; type="application/dicom"; boundary=edge)") {
    return RecipientDesk::post(to, path, std::move(type), std::move(body));
  }
  dicomweb::Reply send(const sharing::Share& to, const Report& report) {
    return post(to, part(make(report)) + "--edge--");
  }
  /// That many reports, each a part.
  std::string reports_for(const sharing::Share& share, int count) {
    Report report = report_for(share);
    std::string parts;
    for (int i = 1; i <= count; ++i) {
      report.instance = std::string(kReport) + '.' + std::to_string(i);
      parts += part(make(report));
    }
    return parts;
  }
  int count(std::string_view event) {
    last_entry();
    return static_cast<int>(std::ranges::count_if(
        entries(), [&](const Json::Value& entry) { return entry["event"] == std::string(event); }));
  }
  static Json::Value failure(dicomweb::Reply& reply) {
    const Json::Value json = parse(reply.text());
    const char* where = json.isMember("00081198") ? "00081198" : "0008119A";
    return json[where]["Value"][0]["00081197"]["Value"][0];
  }
  /// What the archive has of the study beside the image.
  std::vector<core::InstanceKey> returned() {
    std::vector<core::InstanceKey> keys;
    const core::StudyKey& study = image_.series.study;
    for (const core::ListedSeries& series : archive().list(study)->series) {
      for (const core::ListedInstance& each : series.instances) {
        const core::InstanceKey key{{study, series.series}, each.instance};
        if (key != image_) keys.push_back(key);
      }
    }
    return keys;
  }

  const sharing::Scope study_1_ = sharing::StudyScope{{study_key("P1", "1.2.3")}};
  const core::InstanceKey image_ = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1");
};

TEST_F(StoreService, StoresAReportUnderTheOriginalIdentity) {
  const auto to = share(masked(), study_1_, kReturns);
  auto reply = send(to, report_for(to));
  EXPECT_EQ(reply.status(), 200);
  const auto keys = returned();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].instance.text(), kReport);
  const auto file = archive().open(keys[0]);
  Bytes bytes(file->size_bytes());
  file->read(0, bytes);
  EXPECT_NE(core::as_text(bytes).find("Yamada^Tarou"), std::string::npos);
  EXPECT_NE(core::as_text(bytes).find("1.2.3.1.1"), std::string::npos);
}

TEST_F(StoreService, AnswersInTheRecipientsTerms) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  auto reply = send(to, report);
  const Json::Value json = parse(reply.text());
  EXPECT_EQ(json["00081199"]["Value"][0]["00081155"]["Value"][0], std::string(kReport));
  EXPECT_EQ(json["00081190"]["Value"][0],
            "https://share.hospital.example/dicom-web/studies/" + report.study);
  EXPECT_FALSE(json.isMember("00081198"));
  EXPECT_EQ(reply.text().find("1.2.3\""), std::string::npos);
}

TEST_F(StoreService, ShowsARecipientsOwnUidsBackAsTheyAre) {
  const auto to = share(masked(), study_1_, kReturns);
  send(to, report_for(to));
  bool found = false;
  for (const Json::Value& row : rows(to, "/instances")) {
    found |= row["00080018"]["Value"][0] == std::string(kReport);
  }
  EXPECT_TRUE(found);
}

TEST_F(StoreService, TakesTheSameReportTwiceAndStoresItOnce) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  EXPECT_EQ(send(to, report).status(), 200);
  EXPECT_EQ(send(to, report).status(), 200);
  EXPECT_EQ(returned().size(), 1U);
}

TEST_F(StoreService, StoresNothingWithoutThePermission) {
  const auto reading = share(masked());
  EXPECT_EQ(send(reading, report_for(reading)).status(), 404);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, TellsNothingOfOriginalUids) {
  const auto to = share(masked(), study_1_, kReturns);
  Report original = report_for(to);
  original.study = "1.2.3";
  Report random = report_for(to);
  random.study = "1.2.4";
  auto first = send(to, original);
  auto second = send(to, random);
  EXPECT_EQ(first.status(), 409);
  EXPECT_EQ(first.text(), second.text());
  EXPECT_EQ(failure(first), 0x0112);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, RefusesAReferenceToWhatIsNotShared) {
  const auto to = share(masked(), study_1_, kReturns);
  Report report = report_for(to);
  report.reference = "1.2.3.1.1";
  auto reply = send(to, report);
  EXPECT_EQ(failure(reply), 0x0112);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, DoesNotTellThatAnotherPatientHasAnInstance) {
  put(instance_key("P2", "1.7", "1.7.1", kReport));
  const auto to = share(masked(), study_1_, kReturns);
  EXPECT_EQ(send(to, report_for(to)).status(), 200);
  EXPECT_EQ(archive().find_instances(core::Uid::parse(kReport).value()).size(), 1U);
}

TEST_F(StoreService, RefusesToOverwriteAnybodysInstanceWhereUidsAreShown) {
  put(instance_key("P2", "1.7", "1.7.1", kReport));
  const auto to = share(unmasked(), study_1_, kReturns);
  auto reply = send(to, report_for(to));
  EXPECT_EQ(failure(reply), 0x0111);
}

TEST_F(StoreService, KeepsOrthancFromASequenceThatWouldTakeItAMinute) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  const auto with_items = [&](int count) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, report.sop_class)
        .text(Tag{0x0008, 0x0018}, Vr::UI, report.instance)
        .text(Tag{0x0020, 0x000D}, Vr::UI, report.study)
        .text(Tag{0x0020, 0x000E}, Vr::UI, kReportSeries)
        .begin_sequence(Tag{0x0040, 0xA730});
    for (int i = 0; i < count; ++i) dataset.begin_item().end_item();
    return dataset.end_sequence().part10(report.sop_class, report.instance);
  };
  auto refused = post(to, part(with_items(20'001)) + "--edge--");
  EXPECT_EQ(failure(refused), 0xC000);
  EXPECT_EQ(post(to, part(with_items(5'000)) + "--edge--").status(), 200);
}

TEST_F(StoreService, PutsNothingIntoASeriesOfTheHospital) {
  put(instance_key("P1", "1.2.3", kReportSeries, "1.2.3.2.1"));
  const sharing::Scope image = sharing::InstanceScope{{image_}};
  const auto to = share(unmasked(), image, kReturns);
  auto reply = send(to, report_for(to));
  EXPECT_EQ(failure(reply), 0x0111);
}

TEST_F(StoreService, TakesImagesFromNobodyAndDocumentsFromThoseWhoMay) {
  const auto to = share(masked(), study_1_, kReturns);
  Report image = report_for(to);
  image.sop_class = kCtImage;
  auto refused = send(to, image);
  EXPECT_EQ(failure(refused), 0x0122);
  Report pdf = report_for(to);
  pdf.sop_class = kEncapsulatedPdf;
  pdf.document = kPdf;
  EXPECT_EQ(send(to, pdf).status(), 409);
  auto permissions = kReturns;
  permissions.give_back_documents = true;
  const auto generous = share(masked(), study_1_, permissions);
  pdf = report_for(generous);
  pdf.sop_class = kEncapsulatedPdf;
  pdf.document = kPdf;
  EXPECT_EQ(send(generous, pdf).status(), 200);
}

TEST_F(StoreService, PutsARefusedPageThatIsCalledAPdfOnRecord) {
  auto permissions = kReturns;
  permissions.give_back_documents = true;
  const auto to = share(masked(), study_1_, permissions);
  Report page = report_for(to);
  page.sop_class = kEncapsulatedPdf;
  page.document = "<html><script>alert(1)</script></html>";
  auto reply = send(to, page);
  EXPECT_EQ(reply.status(), 409);
  EXPECT_EQ(failure(reply), 0xA901);
  EXPECT_TRUE(returned().empty());
  EXPECT_EQ(last_entry()["detail"], "return: not what it says");
}

/// PS3.18 §10.5.3.
TEST_F(StoreService, SaysWhichOfSeveralWereNotStored) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report good = report_for(to);
  Report bad = good;
  bad.instance = "1.2.392.200036.9.1.2";
  bad.study = "1.2.3";
  auto reply = post(to, part(make(good)) + part(make(bad)) + part({'n', 'o'}) + "--edge--");
  EXPECT_EQ(reply.status(), 202);
  const Json::Value json = parse(reply.text());
  EXPECT_EQ(json["00081199"]["Value"].size(), 1U);
  ASSERT_EQ(json["00081198"]["Value"].size(), 1U);
  EXPECT_EQ(json["00081198"]["Value"][0]["00081155"]["Value"][0], bad.instance);
  EXPECT_EQ(json["0008119A"]["Value"][0]["00081197"]["Value"][0], 0xC000);
}

/// PS3.18 Table I.2-1: the UIDs of a failed SOP Instance are of type 1.
TEST_F(StoreService, NamesNoInstanceWherePartsAreNone) {
  const auto to = share(masked(), study_1_, kReturns);
  auto reply = post(to, part({'n', 'o'}) + part(Bytes(200, 'x')) + part({}) + "--edge--");
  EXPECT_EQ(reply.status(), 409);
  const Json::Value json = parse(reply.text());
  EXPECT_FALSE(json.isMember("00081198"));
  EXPECT_FALSE(json.isMember("00081199"));
  ASSERT_EQ(json["0008119A"]["Value"].size(), 3U);
  for (const Json::Value& item : json["0008119A"]["Value"]) {
    EXPECT_EQ(item.getMemberNames(), std::vector<std::string>{"00081197"});
    EXPECT_EQ(item["00081197"]["Value"][0], 0xC000);
  }
}

TEST_F(StoreService, TakesTheStudyOfTheUrlOnly) {
  put(instance_key("P1", "1.5", "1.5.1", "1.5.1.1"));
  const auto to = share(
      masked(), sharing::StudyScope{{study_key("P1", "1.2.3"), study_key("P1", "1.5")}}, kReturns);
  std::string other;
  const Report report = report_for(to);
  for (const Json::Value& row : rows(to, "/studies")) {
    const std::string uid = row["0020000D"]["Value"][0].asString();
    if (uid != report.study) other = uid;
  }
  auto reply = post(to, part(make(report)) + "--edge--", "/studies/" + other);
  EXPECT_EQ(failure(reply), 0xA900);
  EXPECT_EQ(post(to, part(make(report)) + "--edge--", "/studies/" + report.study).status(), 200);
}

TEST_F(StoreService, NeverMistakesARequestForAnEmptyOne) {
  const auto to = share(masked(), study_1_, kReturns);
  const std::string whole = part(make(report_for(to)));
  EXPECT_EQ(post(to, "").status(), 400);
  EXPECT_EQ(post(to, "--edge--").status(), 400);
  EXPECT_EQ(post(to, whole).status(), 400);  // no closing delimiter
  EXPECT_EQ(post(to, whole + "--edge--", "/studies", "multipart/form-data; boundary=edge").status(),
            415);
  EXPECT_EQ(post(to, whole + "--edge--", "/studies", "multipart/related; boundary=edge").status(),
            415);
  EXPECT_EQ(post(to, part(make(report_for(to)), "image/png") + "--edge--").status(), 415);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, PutsIntentionAndOutcomeOnRecord) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  send(to, report);
  EXPECT_EQ(last_entry()["event"], "return.end");
  const auto all = entries();
  const Json::Value& begin = all[all.size() - 2];
  EXPECT_EQ(begin["event"], "return.begin");
  EXPECT_EQ(begin["share"], to.id.text());
  EXPECT_EQ(all.back()["intent"], begin["seq"]);
  EXPECT_EQ(all.back()["detail"], "stored");
}

TEST_F(StoreService, StoresNothingMoreWhenTheShareEndsInTheMiddle) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  int stored = 0;
  files().before_store = [&] {
    if (++stored == 2) shares().revoke(to.id, "", now);
  };
  auto reply = post(to, reports_for(to, 5) + "--edge--");
  EXPECT_EQ(reply.status(), 202);
  EXPECT_EQ(failure(reply), 0x0124);
  EXPECT_EQ(returned().size(), 2U);
  EXPECT_EQ(count("return.begin"), 2);
  const Json::Value last = last_entry();
  EXPECT_EQ(last["event"], "denial");
  EXPECT_EQ(last["detail"], "return: share has ended");
  EXPECT_EQ(last["instances"], 3);
}

TEST_F(StoreService, ManyRefusedObjectsDoNotFillTheLog) {
  const auto to = share(masked(), study_1_, kReturns);
  std::string body;
  for (int i = 0; i < 2000; ++i) body += "--edge\r\nContent-Type: application/dicom\r\n\r\n\r\n";
  EXPECT_EQ(post(to, body + "--edge--").status(), 409);
  ASSERT_EQ(entries().size(), 1U);
  EXPECT_EQ(last_entry()["detail"], "return: cannot understand");
  EXPECT_EQ(last_entry()["instances"], 2000);
  body += part({'n', 'o'});
  EXPECT_EQ(post(to, body + "--edge--").status(), 413);
  EXPECT_EQ(entries().size(), 2U);
  EXPECT_EQ(last_entry()["detail"], "return: too many parts");
}

TEST_F(StoreService, SaysLaterWhereThereIsNoMemoryNow) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  std::optional taken = memory().take(UINT64_MAX);
  auto reply = send(to, report);
  EXPECT_EQ(reply.status(), 503);
  EXPECT_TRUE(std::ranges::any_of(reply.headers(),
                                  [](const auto& each) { return each.first == "Retry-After"; }));
  EXPECT_TRUE(returned().empty());
  taken.reset();
  EXPECT_EQ(send(to, report).status(), 200);
  EXPECT_EQ(memory().taken_bytes(), 0U);
}

TEST_F(StoreService, TellsWhatWasStoredBeforeMemoryWasShort) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  std::vector<core::MemoryBudget::Taken> others;
  files().after_store = [&] {
    others.push_back(memory().take((512U << 20U) - memory().taken_bytes()));
  };
  auto reply = post(to, reports_for(to, 3) + "--edge--");
  EXPECT_EQ(reply.status(), 202);
  EXPECT_EQ(failure(reply), 0xA700);
  EXPECT_EQ(returned().size(), 1U);
}

TEST_F(StoreService, AnImageOfTheHospitalIsNotTheReadersBecauseAReportWasNotStored) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  files().before_store = [] { throw core::StoreError("the archive is full"); };
  auto refused = send(to, report);
  EXPECT_EQ(failure(refused), 0x0110);
  files().before_store = [] {};
  // Its pixels may show a name.
  const auto image = instance_key("P1", "1.2.3", kReportSeries, kReport);
  put(image, {.image_type = R"(DERIVED\SECONDARY\SCREEN SAVE)"});
  EXPECT_EQ(rows(to, "/instances").size(), 1U);
  auto again = send(to, report);
  EXPECT_EQ(failure(again), 0x0111);
  EXPECT_EQ(rows(to, "/instances").size(), 1U);
}

TEST_F(StoreService, AReportIsItsReadersAfterACrashBehindStoringIt) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  files().after_store = [] { throw std::runtime_error("the power is cut"); };
  EXPECT_THROW(send(to, report), std::runtime_error);
  files().after_store = [] {};
  EXPECT_EQ(shares().returned(to.id).at(0).stage, sharing::ReturnedObject::Stage::received);
  EXPECT_EQ(rows(to, "/instances").size(), 2U) << "its mark says whose it is";
  EXPECT_EQ(shares().returned(to.id).at(0).stage, sharing::ReturnedObject::Stage::stored);
  EXPECT_EQ(send(to, report).status(), 200);
  EXPECT_EQ(returned().size(), 1U);
  EXPECT_EQ(rows(to, "/instances").size(), 2U);
}

TEST_F(StoreService, AReportThatIsSentAgainAfterACrashIsStoredOnce) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  files().after_store = [] { throw std::runtime_error("the power is cut"); };
  EXPECT_THROW(send(to, report), std::runtime_error);
  files().after_store = [] {};
  EXPECT_EQ(send(to, report).status(), 200);
  EXPECT_EQ(shares().returned(to.id).at(0).stage, sharing::ReturnedObject::Stage::stored);
  EXPECT_EQ(returned().size(), 1U);
}

TEST_F(StoreService, AnotherFileByTheUidsOfAReportIsNotTheReadersHoweverMuchItLooksLikeIt) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  files().before_store = [] { throw core::StoreError("the archive is full"); };
  send(to, report);
  files().before_store = [] {};
  // The same under another share: its mark is of another key.
  const auto other = share(masked(), study_1_, kReturns);
  Report others = report_for(other);
  EXPECT_EQ(send(other, others).status(), 200);
  rows(to, "/instances");
  EXPECT_EQ(shares().returned(to.id).at(0).stage, sharing::ReturnedObject::Stage::received);
  for (const Json::Value& row : rows(to, "/instances")) {
    EXPECT_NE(row["00080018"]["Value"][0], std::string(kReport));
  }
}

/// Else what a reader wrote would be taken for the hospital's, and shown as such.
TEST_F(StoreService, NothingIsStoredUnderASeriesThatTheShareDoesNotKnowItBy) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  Report report = report_for(to);
  files().before_store = [] { throw core::StoreError("the archive is full"); };
  send(to, report);
  files().before_store = [] {};
  report.series = "1.2.392.200036.9.2";
  auto reply = send(to, report);
  EXPECT_EQ(failure(reply), 0x0111);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, ASeriesOfTheHospitalIsNotTheReadersBecauseAReportWasNotStored) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  Report report = report_for(to);
  files().before_store = [] { throw core::StoreError("the archive is full"); };
  send(to, report);
  files().before_store = [] {};
  put(instance_key("P1", "1.2.3", kReportSeries, "1.2.3.9.9"));
  for (const Json::Value& row : rows(to, "/instances")) {
    EXPECT_NE(row["0020000E"]["Value"][0], std::string(kReportSeries));
  }
  report.instance = "1.2.392.200036.9.1.2";
  EXPECT_EQ(send(to, report).status(), 200);
  for (const core::InstanceKey& key : returned()) {
    const bool is_hospitals = key.instance.text() == "1.2.3.9.9";
    EXPECT_EQ(key.series.series.text() == kReportSeries, is_hospitals);
  }
}

TEST_F(StoreService, StoresNothingThatIsNotOnRecord) {
  const auto to = share(masked(), study_1_, kReturns);
  const Report report = report_for(to);
  break_log();
  EXPECT_EQ(send(to, report).status(), 503);
  EXPECT_TRUE(returned().empty());
}

TEST_F(StoreService, StoresNothingMoreForAClientWhoHasGoneAndPutsThatOnRecord) {
  keep_files_on_disk();
  const auto to = share(masked(), study_1_, kReturns);
  const std::string body = reports_for(to, 5) + "--edge--";
  int stored = 0;
  files().before_store = [&] {
    if (++stored == 2) gone.request_stop();
  };
  EXPECT_EQ(post(to, body).status(), 503);
  EXPECT_EQ(returned().size(), 2U);
  EXPECT_EQ(count("return.begin"), 2);
  EXPECT_EQ(count("return.end"), 2) << "what was begun is brought to its end";
  const Json::Value last = last_entry();
  EXPECT_EQ(last["event"], "denial");
  EXPECT_EQ(last["detail"], "return: nobody waits");
  EXPECT_EQ(last["instances"], 3);
  EXPECT_EQ(memory().taken_bytes(), 0U);
}

}  // namespace
}  // namespace sekisho::tests
