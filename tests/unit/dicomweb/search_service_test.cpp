// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>

#include "anonymization/profiles/profile_catalogue.h"
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;
using Strings = std::vector<std::string>;

constexpr const char* kStudyUid = "0020000D";
constexpr const char* kSeriesUid = "0020000E";
constexpr const char* kInstanceUid = "00080018";
constexpr const char* kStudyInstances = "00201208";

class Search : public ::testing::Test, public RecipientDesk {};

TEST_F(Search, AStudyRowHasTheRequiredAttributesInOrder) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"), {.modality = "SR"});
  auto reply = get(share(unmasked()), "/studies");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(
      text_of(reply),
      R"([{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},)"
      R"("00080020":{"vr":"DA","Value":["20240131"]},)"
      R"("00080030":{"vr":"TM","Value":["101112"]},)"
      R"("00080050":{"vr":"SH","Value":["ACCP1"]},)"
      R"("00080056":{"vr":"CS","Value":["ONLINE"]},)"
      R"("00080061":{"vr":"CS","Value":["CT","SR"]},)"
      R"("00080090":{"vr":"PN","Value":[{"Alphabetic":"Suzuki^Ichirou"}]},)"
      R"("00080201":{"vr":"SH"},)"
      R"("00081190":{"vr":"UR","Value":["https://share.hospital.example/dicom-web/studies/1.2.3"]},)"
      R"("00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou"}]},)"
      R"("00100020":{"vr":"LO","Value":["P1"]},)"
      R"("00100030":{"vr":"DA","Value":["19500102"]},)"
      R"("00100040":{"vr":"CS","Value":["M"]},)"
      R"("0020000D":{"vr":"UI","Value":["1.2.3"]},)"
      R"("00200010":{"vr":"SH","Value":["S1"]},)"
      R"("00201206":{"vr":"IS","Value":[2]},)"
      R"("00201208":{"vr":"IS","Value":[2]}}])");
}

TEST_F(Search, SeriesAndInstanceRowsHaveTheirsAndTheUidsAbove) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  const auto all = share(unmasked());
  const Json::Value series = rows(all, "/studies/1.2.3/series");
  ASSERT_EQ(series.size(), 1U);
  EXPECT_EQ(series[0].getMemberNames(),
            (Strings{"00080005", "00080060", "00080201", "0008103E", "00081190", "0020000D",
                     "0020000E", "00200011", "00201209", "00400244", "00400245", "00400275"}));
  EXPECT_EQ(value(series[0], "00201209"), 2);
  EXPECT_EQ(value(series[0], "00081190"),
            "https://share.hospital.example/dicom-web/studies/1.2.3/series/1.2.3.1");

  const Json::Value instances = rows(all, "/studies/1.2.3/series/1.2.3.1/instances");
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(
      instances[0].getMemberNames(),
      (Strings{"00080005", "00080016", "00080018", "00080056", "00080201", "00081190", "0020000D",
               "0020000E", "00200013", "00280008", "00280010", "00280011", "00280100"}));
  EXPECT_EQ(value(instances[0], "00081190"),
            "https://share.hospital.example/dicom-web/studies/1.2.3/series/1.2.3.1/instances/"
            "1.2.3.1.1");
}

TEST_F(Search, RowsComeAsXmlEachAPartOfItsOwn) {  // PS3.18 §10.6.3.3, §8.7.3.2
  constexpr const char* kXml = R"(multipart/related; type="application/dicom+xml")";
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"));
  const auto all = share(unmasked());
  auto reply = get(all, "/series", kXml);
  ASSERT_EQ(reply.status(), 200);
  ASSERT_TRUE(reply.content_type().starts_with(std::string(kXml) + "; boundary="));
  const std::string boundary = "--" + reply.content_type().substr(std::strlen(kXml) + 11);
  const std::string& text = reply.text();
  const std::string head = "\r\nContent-Type: application/dicom+xml\r\n\r\n<?xml ";
  EXPECT_TRUE(text.starts_with(boundary + head));
  EXPECT_NE(text.find("</NativeDicomModel>\n\r\n" + boundary + head), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n" + boundary + "--\r\n"));
  auto none = get(all, "/series?Modality=MR", kXml);
  EXPECT_EQ(none.status(), 204) << "no part is no multipart body";
  EXPECT_EQ(none.text(), "");
}

/// PS3.18 §10.6.3.3.2.
TEST_F(Search, RowsOfWhatThePathDoesNotNameRepeatWhatIsAbove) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  EXPECT_EQ(value(rows(all, "/series")[0], "00100020"), "P1");
  EXPECT_EQ(value(rows(all, "/instances")[0], "00080060"), "CT");
  EXPECT_EQ(value(rows(all, "/instances")[0], kStudyInstances), 1);
  EXPECT_EQ(value(rows(all, "/studies/1.2.3/instances")[0], "00201209"), 1);
  EXPECT_FALSE(rows(all, "/studies/1.2.3/instances")[0].isMember("00100020"));
}

TEST_F(Search, NothingOriginalIsInAMaskedRow) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto basic = share(masked());
  for (const char* target :
       {"/studies?includefield=all", "/series?includefield=all", "/instances?includefield=all"}) {
    auto reply = get(basic, target);
    const std::string text = text_of(reply);
    for (const char* original : {"Yamada", "Suzuki", "\"P1\"", "ACCP1", "19500102", "1.2.3"}) {
      EXPECT_EQ(text.find(original), std::string::npos) << original << " in " << text;
    }
  }
}

TEST_F(Search, OriginalValuesMatchNothingAndMaskedOnesMatch) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto basic = share(masked());
  const Json::Value row = rows(basic, "/studies")[0];
  for (const char* key :
       {"PatientName=Yamada*", "PatientName=*Tarou*", "PatientID=P1", "PatientBirthDate=19500102",
        "PatientBirthDate=-20500101", "AccessionNumber=ACCP1", "StudyInstanceUID=1.2.3",
        "ReferringPhysicianName=*zuki*"}) {
    EXPECT_EQ(rows(basic, std::string("/studies?") + key).size(), 0U) << key;
  }
  EXPECT_EQ(rows(basic, "/instances?SOPInstanceUID=1.2.3.1.1").size(), 0U);
  EXPECT_EQ(rows(basic, "/studies?StudyInstanceUID=" + value(row, kStudyUid).asString()).size(),
            1U);
  const std::string shown_id = value(row, "00100020").asString();
  ASSERT_FALSE(shown_id.empty());
  EXPECT_EQ(rows(basic, "/studies?00100020=" + shown_id).size(), 1U);
}

TEST_F(Search, ArchivesThatDifferInMaskedValuesAnswerAlike) {
  const auto fill = [](RecipientDesk& desk, const ImageFields& fields) {
    for (int i = 0; i < 5; ++i) {
      const std::string instance = "1.2.3.1." + std::to_string(i);
      desk.put(instance_key("P1", "1.2.3", "1.2.3.1", instance), fields);
    }
  };
  RecipientDesk twin;
  fill(*this, {});
  fill(twin, {.name = "Satou^Hanako", .birth_date = "19991231"});
  auto basic = share(masked());
  auto same = basic;
  same.recipient = twin.share(masked()).recipient;
  twin.shares().insert(same, *shares().mask_key(basic.id));
  for (const char* target :
       {"/studies", "/series", "/instances?includefield=all", "/studies?PatientName=Yamada*",
        "/studies?PatientName=Satou*", "/studies?PatientBirthDate=19500102-", "/studies?limit=0",
        "/instances?limit=2&offset=1", "/studies/1.2.3", "/studies?Bad=1"}) {
    auto here = get(basic, target);
    auto there = twin.get(same, target);
    EXPECT_EQ(here.status(), there.status()) << target;
    EXPECT_EQ(text_of(here), text_of(there)) << target;
  }
}

TEST_F(Search, CountsDoNotTellWhichStudiesAreOfOnePatientWhereNumbersAreEmptied) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1"));
  put(instance_key("P2", "1.2.5", "1.2.5.1", "1.2.5.1.1"));
  const sharing::StudyScope all{
      {study_key("P1", "1.2.3"), study_key("P1", "1.2.4"), study_key("P2", "1.2.5")}};
  const auto catalogue = std::get<anonymization::ProfileCatalogue>(
      anonymization::ProfileCatalogue::read(R"({"nameless": {"Base": "ps3.15-basic", "Rules": [
          {"Element": "PatientID", "Action": "Empty"}]}})"));
  const auto nameless =
      std::get<anonymization::Profile>(catalogue.resolve(R"({"Name": "nameless"})"));
  const auto counts = [&](std::string profile) {
    const auto given = share(std::move(profile), all);
    std::multiset<int> found;
    for (const auto& row : rows(given, "/studies?includefield=NumberOfPatientRelatedStudies")) {
      found.insert(value(row, "00201200").asInt());
    }
    return found;
  };
  EXPECT_EQ(counts(masked()), (std::multiset{1, 2, 2}));
  EXPECT_EQ(counts(nameless.to_json()), (std::multiset{3, 3, 3}));
}

TEST_F(Search, WhatIsOutOfScopeIsInNoRowAndNoCount) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"), {.modality = "SR"});
  put(instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1"));

  const auto series =
      share(unmasked(), sharing::SeriesScope{{series_key("P1", "1.2.3", "1.2.3.1")}});
  const Json::Value row =
      rows(series, "/studies?includefield=NumberOfPatientRelatedStudies,00201204");
  ASSERT_EQ(row.size(), 1U);
  EXPECT_EQ(value(row[0], "00201206"), 1);
  EXPECT_EQ(value(row[0], kStudyInstances), 2);
  EXPECT_EQ(value(row[0], "00201200"), 1);
  EXPECT_EQ(value(row[0], "00201204"), 2);
  EXPECT_EQ(row[0]["00080061"]["Value"].size(), 1U);
  EXPECT_EQ(values(rows(series, "/series"), kSeriesUid), Strings{"1.2.3.1"});

  const auto one = share(
      unmasked(), sharing::InstanceScope{{instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2")}});
  EXPECT_EQ(values(rows(one, "/instances"), kInstanceUid), Strings{"1.2.3.1.2"});
  EXPECT_EQ(value(rows(one, "/studies")[0], kStudyInstances), 1);
}

TEST_F(Search, APatientScopeFollowsThePatient) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P2", "1.2.9", "1.2.9.1", "1.2.9.1.1"));
  const auto patient = share(unmasked(), sharing::PatientScope{"P1"});
  EXPECT_EQ(values(rows(patient, "/studies"), kStudyUid), Strings{"1.2.3"});
  put(instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  EXPECT_EQ(values(rows(patient, "/studies"), kStudyUid), (Strings{"1.2.3", "1.2.4"}));
  EXPECT_EQ(value(rows(patient, "/studies")[0], kStudyInstances), 2);
  archive().remove(instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1"));
  EXPECT_EQ(values(rows(patient, "/studies"), kStudyUid), Strings{"1.2.3"});
}

TEST_F(Search, AReplacedInstanceShowsItsNewValues) {
  const auto key = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1");
  put(key, {.number = "1"});
  const auto all = share(unmasked());
  EXPECT_EQ(value(rows(all, "/instances")[0], "00200013"), 1);
  put(key, {.number = "2"});
  EXPECT_EQ(value(rows(all, "/instances")[0], "00200013"), 2);
}

TEST_F(Search, TheCacheIsNoPartOfTheAnswer) {
  for (int i = 0; i < 9; ++i) {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)));
  }
  const auto all = share(masked());
  const Json::Value warm = rows(all, "/instances");
  EXPECT_EQ(rows(all, "/instances"), warm);
  limit({.max_results = 1000, .row_bytes = 0});
  EXPECT_EQ(rows(all, "/instances"), warm);
  limit({.max_results = 1000, .row_bytes = 1500});
  EXPECT_EQ(rows(all, "/instances"), warm);
  EXPECT_EQ(rows(all, "/instances"), warm);
}

TEST_F(Search, OrderIsByDateThenUidWhateverCameFirst) {
  put(instance_key("P1", "1.2.9", "1.2.9.1", "1.2.9.1.1"), {.study_date = "20230101"});
  put(instance_key("P1", "1.2.4", "1.2.4.1", "1.2.4.1.1"), {.study_date = "20240101"});
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"), {.study_date = "20240101"});
  put(instance_key("P1", "1.2.5", "1.2.5.1", "1.2.5.1.1"), {.study_date = ""});
  const auto patient = share(unmasked(), sharing::PatientScope{"P1"});
  const Strings expected = {"1.2.5", "1.2.9", "1.2.3", "1.2.4"};
  EXPECT_EQ(values(rows(patient, "/studies"), kStudyUid), expected);
  EXPECT_EQ(values(rows(patient, "/series"), kStudyUid), expected);
  EXPECT_EQ(values(rows(patient, "/instances"), kStudyUid), expected);
}

TEST_F(Search, AMaskedOrderTellsNothingOfTheOriginalOne) {
  for (int i = 0; i < 20; ++i) {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(100 + i)),
        {.number = std::to_string(i)});
  }
  const Json::Value found = rows(share(masked()), "/instances");
  const Strings uids = values(found, kInstanceUid);
  EXPECT_TRUE(std::is_sorted(uids.begin(), uids.end()));
  EXPECT_FALSE(std::ranges::is_sorted(
      found, {}, [](const Json::Value& row) { return value(row, "00200013").asInt(); }));
}

/// PS3.18 §8.3.4.4.
TEST_F(Search, PagesAreCutOutOfTheWhole) {
  for (int i = 1; i <= 5; ++i) {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)));
  }
  const auto all = share(unmasked());
  EXPECT_EQ(values(rows(all, "/instances?limit=2"), kInstanceUid),
            (Strings{"1.2.3.1.1", "1.2.3.1.2"}));
  EXPECT_EQ(values(rows(all, "/instances?limit=2&offset=4"), kInstanceUid), Strings{"1.2.3.1.5"});
  EXPECT_EQ(rows(all, "/instances?offset=5").size(), 0U);
  EXPECT_EQ(rows(all, "/instances?offset=18446744073709551615").size(), 0U);
  EXPECT_EQ(rows(all, "/instances?limit=0").size(), 0U);
  EXPECT_EQ(rows(all, "/instances?limit=99").size(), 5U);
}

/// Whether the pages are cut out of studies or of matches, and from one share or several.
TEST_F(Search, EveryPageIsAPieceOfTheWhole) {
  for (const auto& [study, date] : {std::pair{"1.2.3", "20240301"}, std::pair{"1.2.4", "20240101"},
                                    std::pair{"1.2.5", "20240201"}}) {
    for (int i = 0; i < 4; ++i) {
      const std::string series = std::string(study) + '.' + std::to_string(i % 2);
      put(instance_key("P1", study, series, series + '.' + std::to_string(i)),
          {.study_date = date});
    }
  }
  const auto patient = share(unmasked(), sharing::PatientScope{"P1"});
  const auto again = share(unmasked(), sharing::StudyScope{{study_key("P1", "1.2.4")}});
  const std::vector<std::vector<sharing::Share>> roots = {{patient}, {patient, again}};
  for (const auto& shares : roots) {
    const auto page = [&](const std::string& target) {
      auto reply = get(shares, target);
      return values(parse(text_of(reply)), kInstanceUid);
    };
    const Strings all = page("/instances");
    ASSERT_EQ(all.size(), 12U);
    EXPECT_EQ(all.front(), "1.2.4.0.0") << "the first day";
    for (std::size_t offset = 0; offset <= all.size() + 1; ++offset) {
      for (std::size_t limit = 0; limit <= 5; ++limit) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(std::min(offset, all.size()));
        const auto size =
            std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), all.end() - begin);
        const std::string cut =
            "limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset);
        EXPECT_EQ(page("/instances?" + cut), Strings(begin, begin + size)) << cut;
        EXPECT_EQ(page("/instances?Rows=4&" + cut), Strings(begin, begin + size)) << cut;
      }
    }
  }
  EXPECT_EQ(values(rows(patient, "/studies/1.2.5/series/1.2.5.1/instances?offset=1"), kInstanceUid),
            Strings{"1.2.5.1.3"});
}

std::vector<std::string> warnings(const Reply& reply) {
  std::vector<std::string> found;
  for (const auto& [name, text] : reply.headers()) {
    if (name == "Warning") found.push_back(text.substr(0, 30));
  }
  return found;
}

/// PS3.18 §10.6.3.
TEST_F(Search, AServerSideLimitIsNeverSilent) {
  for (int i = 1; i <= 5; ++i) {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1." + std::to_string(i)));
  }
  const auto all = share(unmasked());
  limit({.max_results = 3, .row_bytes = 1 << 20});
  const Strings cut = {"299 sekisho \"The number of res"};
  auto reply = get(all, "/instances");
  EXPECT_EQ(parse(text_of(reply)).size(), 3U);
  EXPECT_EQ(warnings(reply), cut);
  EXPECT_EQ(warnings(get(all, "/instances?limit=4")), cut);
  EXPECT_EQ(warnings(get(all, "/instances?limit=3")), Strings{});
  EXPECT_EQ(warnings(get(all, "/instances?offset=2")), Strings{});
}

/// PS3.18 §8.3.4.2: it is done, so nothing has to be said about it.
TEST_F(Search, NamesMatchFuzzilyWhereAskedTo) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"),
      {.name = "Müller^José=山田^太郎=ヤマダ^タロウ"});
  const auto all = share(unmasked());
  for (const char* name :
       {"muller", "Jose%20MULLER", "jose+mul", "*ller", "%E3%82%84%E3%81%BE%E3%81%A0",
        "%EF%BE%94%EF%BE%8F%EF%BE%80%EF%BE%9E", "%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E"}) {
    auto reply = get(all, std::string("/studies?fuzzymatching=true&PatientName=") + name);
    EXPECT_EQ(parse(text_of(reply)).size(), 1U) << name;
    EXPECT_EQ(warnings(reply), Strings{}) << name;
    EXPECT_EQ(rows(all, std::string("/studies?PatientName=") + name).size(), 0U) << name;
  }
  EXPECT_EQ(rows(all, "/studies?fuzzymatching=true&PatientName=Meier").size(), 0U);
  EXPECT_EQ(rows(all, "/studies?fuzzymatching=true&StudyDescription=head").size(), 0U)
      << "of names alone";
}

TEST_F(Search, OriginalNamesMatchNotEvenFuzzily) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto basic = share(masked());
  for (const char* name : {"Y", "Yamada", "Tarou", "tarou+yamada", "S", "*amad*"}) {
    const auto target = std::string("/studies?fuzzymatching=true&");
    EXPECT_EQ(rows(basic, target + "PatientName=" + name).size(), 0U) << name;
    EXPECT_EQ(rows(basic, target + "ReferringPhysicianName=" + name).size(), 0U) << name;
  }
}

TEST_F(Search, ParametersThatAreNotSupportedAreIgnoredAloud) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  for (const char* parameter : {"_=1718000000", "session_code=xxx", "orderby=-StudyDate",
                                "charset=utf-8", "returnempty=false"}) {
    auto reply = get(all, std::string("/studies?StudyDate=20240131&") + parameter);
    EXPECT_EQ(parse(text_of(reply)).size(), 1U) << parameter;
    EXPECT_EQ(warnings(reply), Strings{"299 sekisho \"Query parameters "}) << parameter;
  }
  for (const char* parameter : {"emptyvaluematching=false", "multiplevaluematching=false",
                                "includefield=00081030,", "fuzzymatching=false"}) {
    auto reply = get(all, std::string("/studies?StudyDate=20240131&") + parameter);
    EXPECT_EQ(parse(text_of(reply)).size(), 1U) << parameter;
    EXPECT_EQ(warnings(reply), Strings{}) << parameter;
  }
}

TEST_F(Search, ClassesInStudyAreThoseOfAllItsInstances) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"), {.modality = "SR"});
  const auto all = share(unmasked());
  const std::string image(kCtImage);
  EXPECT_EQ(rows(all, "/studies?SOPClassesInStudy=" + image).size(), 1U);
  EXPECT_EQ(rows(all, "/studies?SOPClassesInStudy=1.2.3," + image).size(), 1U);
  EXPECT_EQ(rows(all, "/studies?SOPClassesInStudy=1.2.3").size(), 0U);
  EXPECT_EQ(value(rows(all, "/studies?includefield=SOPClassesInStudy")[0], "00080062"), image);
  EXPECT_EQ(
      rows(all, "/studies?InstanceAvailability=ONLINE&NumberOfStudyRelatedInstances=2").size(), 1U);
  for (const char* key : {"RetrieveAETitle=X", "00080054=*X"}) {
    EXPECT_EQ(get(all, std::string("/studies?") + key).status(), 400) << key;
  }
}

/// PS3.18 §8.3.4.1, §10.6.1.2.
TEST_F(Search, KeysOfEveryFormMatch) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"), {.name = "Yamada^Tarou=山田^太郎"});
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"), {.modality = "SR"});
  const auto all = share(unmasked());
  for (const char* target :
       {"/studies?PatientName=yamada*", "/studies?00100010=*%E5%A4%AA%E9%83%8E",
        "/studies?PatientName=%2Aamada%5ET%3Frou", "/studies?ModalitiesInStudy=MR%2CSR",
        "/studies?ModalitiesInStudy=CT\\MR", "/studies?StudyDate=20240101-20240201",
        "/studies?StudyDate=20240131-", "/studies?StudyTime=1000-1030",
        "/studies?StudyInstanceUID=1.2.3,1.2.99", "/studies?0020000d=1.9&0020000D=1.2.3",
        "/studies?NumberOfStudyRelatedSeries=2", "/studies?StudyDescription=H*D",
        "/series?Modality=SR&PatientID=P1", "/instances?Rows=4&SOPInstanceUID=1.2.3.1.1",
        "/instances?SliceThickness=5&SeriesInstanceUID=1.2.3.1"}) {
    EXPECT_EQ(rows(all, target).size(), 1U) << target;
  }
  for (const char* target :
       {"/studies?PatientName=tarou*", "/studies?ModalitiesInStudy=MR",
        "/studies?StudyDate=20240201-", "/series?Modality=CT&SeriesInstanceUID=1.2.3.2",
        "/instances?Rows=5", "/studies?NumberOfStudyRelatedSeries=1"}) {
    EXPECT_EQ(rows(all, target).size(), 0U) << target;
  }
}

/// PS3.18 §8.3.4.3.
TEST_F(Search, IncludedFieldsComeEvenWhereNoRowInMemoryHasThem) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  const Json::Value row =
      rows(all, "/studies?includefield=00081030%2C00080060&includefield=00100030");
  EXPECT_EQ(value(row[0], "00081030"), "HEAD");
  EXPECT_FALSE(row[0].isMember("00080060")) << "a study has no modality of its own";
  const Json::Value instance = rows(all, "/instances?includefield=SliceThickness");
  EXPECT_EQ(value(instance[0], "00180050"), 5.0);
  EXPECT_FALSE(rows(all, "/instances")[0].isMember("00180050"));
  EXPECT_TRUE(rows(all, "/instances?includefield=all")[0].isMember("00180050"));
  EXPECT_FALSE(rows(all, "/studies?includefield=all")[0].isMember("00180050"));
  EXPECT_EQ(value(rows(all, "/instances?includefield=00083002")[0], "00083002"),
            core::dicom::kExplicitVrLittleEndian.data());
}

TEST_F(Search, BadQueriesAreRefusedBeforeAnythingIsLookedAt) {
  const auto nothing = share(unmasked());
  for (const char* target : {"/studies?limit=-1", "/studies?limit=NaN", "/studies?offset=x",
                             "/studies?Unknown=1", "/studies?studydate=1", "/studies?Modality=CT",
                             "/studies?includefield=x", "/studies?StudyDate=today"}) {
    auto reply = get(nothing, target);
    EXPECT_EQ(reply.status(), 400) << target;
    EXPECT_EQ(text_of(reply), R"({"Error":"The request is malformed."})");
  }
  EXPECT_EQ(get(nothing, "/studies", "text/html").status(), 406);
  EXPECT_EQ(get(nothing, "/studies", "application/dicom+xml").status(), 406);
  EXPECT_EQ(entries().size(), 0U);
}

TEST_F(Search, NoMatchIsAnEmptyListOnRecord) {
  auto reply = get(share(unmasked()), "/studies");
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(text_of(reply), "[]");
  EXPECT_EQ(last_entry()["event"], "query");
  EXPECT_EQ(last_entry()["instances"], 0);
}

TEST_F(Search, EveryAnswerHasItsReceipt) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  const auto reply = get(all, "/instances");
  const Json::Value entry = entries().back();
  EXPECT_EQ(entry["event"], "query");
  EXPECT_EQ(entry["detail"], "search");
  EXPECT_EQ(entry["share"], all.id.text());
  EXPECT_EQ(entry["authentication"], "token");
  EXPECT_EQ(entry["source"], "10.20.0.7");
  EXPECT_EQ(entry["instances"], 1);
  EXPECT_EQ(entry["hashes"]["series"].size(), 1U);
  const std::pair<std::string, std::string> receipt = {
      "Sekisho-Receipt", "hospital.example/log#" + entry["seq"].asString()};
  EXPECT_EQ(std::count(reply.headers().begin(), reply.headers().end(), receipt), 1);
}

/// PS3.15 §A.5.3.10: a query goes on record with what was asked, sealed like the names in it.
TEST_F(Search, IsOnRecordWithWhatWasAsked) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  get(all, "/studies?PatientName=YAMADA%5EHANAKO%2A&limit=5");
  EXPECT_EQ(last_text().query, "/studies?PatientName=YAMADA%5EHANAKO*&limit=5");
  EXPECT_EQ(entries().back().toStyledString().find("YAMADA"), std::string::npos);
  get(all, "/studies/1.2.3/metadata");
  EXPECT_EQ(last_text().query, "/studies/1.2.3/metadata");
}

TEST_F(Search, ToLookOrToFetchEitherPermissionWillDo) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const sharing::StudyScope study{{study_key("P1", "1.2.3")}};
  EXPECT_EQ(get(share(unmasked(), study, {.view = true}), "/studies").status(), 200);
  EXPECT_EQ(get(share(unmasked(), study, {.download = true}), "/studies").status(), 200);
  EXPECT_EQ(get(share(unmasked(), study, {.give_back = true}), "/studies").status(), 404);
  EXPECT_EQ(last_entry()["event"], "denial");
  EXPECT_EQ(last_entry()["detail"], "missing_permission");
}

TEST_F(Search, BelowWhatIsNotShownThereIsNothing) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto basic = share(masked());
  const std::string study = value(rows(basic, "/studies")[0], kStudyUid).asString();
  EXPECT_EQ(rows(basic, "/studies/" + study + "/series").size(), 1U);
  const Strings hidden = {"/studies/1.2.3/series", "/studies/1.2.99/series",
                          "/studies/1.2.3/instances",
                          "/studies/" + study + "/series/1.2.3.1/instances"};
  for (const std::string& target : hidden) {
    auto reply = get(basic, target);
    EXPECT_EQ(reply.status(), 404) << target;
    EXPECT_EQ(text_of(reply), Reply::not_found().text());
    EXPECT_EQ(last_entry()["detail"], "out_of_scope");
  }
}

TEST_F(Search, AnInstanceThatCannotBeReadIsListedByItsUidsAlone) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"));
  archive().put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"), Bytes(200, 'x'));
  const auto basic = share(masked());
  const Json::Value found = rows(basic, "/instances");
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(value(rows(basic, "/studies")[0], kStudyInstances), 2);
  EXPECT_EQ(value(rows(basic, "/studies")[0], "00080061"), "CT");
  EXPECT_EQ(rows(basic, "/instances?Rows=4").size(), 1U);
  ASSERT_EQ(reported().size(), 1U) << "once, not for every search";
  EXPECT_EQ(reported()[0], "share " + basic.id.text() +
                               ": an instance is malformed and is listed by its UIDs alone");
}

TEST_F(Search, TheRecipientsRootShowsEveryShareUnderItsOwnNames) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P2", "1.2.4", "1.2.4.1", "1.2.4.1.1"), {.study_date = "20200101"});
  const auto a = share(masked());
  const auto b = share(masked());
  const auto c = share(unmasked(), sharing::PatientScope{"P2"});
  auto reply = get({c, b, a}, "/studies");
  const Strings uids = values(parse(text_of(reply)), kStudyUid);
  EXPECT_EQ(uids.size(), 3U);
  EXPECT_EQ(std::count(uids.begin(), uids.end(), "1.2.4"), 1);
  EXPECT_EQ(std::count(uids.begin(), uids.end(), "1.2.3"), 0);
  const auto log = entries();
  ASSERT_EQ(log.size(), 3U) << "one entry for each share";
  for (const Json::Value& entry : log) EXPECT_EQ(entry["instances"], 1);
}

TEST_F(Search, OneUidInSeveralSharesIsOneRowOfTheNewest) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"));
  const auto older = share(unmasked());
  const auto newer = share(profile(R"({"Name":"patient-fields","Fields":["PatientName"]})"),
                           sharing::SeriesScope{{series_key("P1", "1.2.3", "1.2.3.1")}});
  auto reply = get({newer, older}, "/studies");
  const Json::Value found = parse(text_of(reply));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(value(found[0], kStudyInstances), 1);
}

TEST_F(Search, SharesThatMayNotAnswerAreLeftOut) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const sharing::StudyScope study{{study_key("P1", "1.2.3")}};
  const auto silent = share(masked(), study, {.give_back = true});
  auto reply = get({silent, share(masked())}, "/studies");
  EXPECT_EQ(parse(text_of(reply)).size(), 1U);
  auto none = get(std::vector<sharing::Share>{}, "/studies");
  EXPECT_EQ(text_of(none), "[]");
}

TEST_F(Search, WithoutALogThereIsNoAnswer) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto all = share(unmasked());
  break_log();
  auto reply = get(all, "/studies");
  EXPECT_EQ(reply.status(), 503);
  EXPECT_EQ(text_of(reply), R"({"Error":"The service is not available."})");
  EXPECT_EQ(get(all, "/studies").status(), 503);
}

}  // namespace
}  // namespace sekisho::dicomweb
