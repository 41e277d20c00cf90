// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/studies.h"

#include <optional>

#include "core/resource_id.h"
#include "shares_fixture.h"
#include "support/dicom_builder.h"

namespace sekisho::staff {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

/// An API whose archive finds what `found` says, and remembers what it was asked for.
class StaffStudies : public StaffShares {
 protected:
  StaffStudies() {
    found.studies = {found_study("P1", "1.1", "20260209"), found_study("P2", "1.5", "20260210"),
                     found_study("P1", "1.5", "20251224")};
  }
  static core::FoundStudy found_study(const char* patient, const char* uid, const char* date) {
    const core::StudyKey key = tests::study_key(patient, uid);
    return {resource_id(key), key, date, "101500"};
  }
  Answer list(Query query = {}) {
    const Reply reply = searching.answer(request_of(Verb::get, "/studies", {}, std::move(query)));
    return {reply.status, std::get<Json::Value>(parse_json_object(reply.body))};
  }

  core::FoundStudies found;
  std::optional<core::StudySearch> asked;

 private:
  Api searching{{options, store, names(), recipients, shares, consents, access, log, denials,
                 keeping, looks, *quarantine, place, [this] { return now; },
                 [] { return SystemState(); }, [](const sharing::ShareId&) {}, nullptr, nullptr,
                 [this](const core::StudySearch& search) {
                   asked = search;
                   return found;
                 }}};
};

TEST_F(StaffStudies, AreListedNewestFirstPageByPage) {
  const Answer first = list({{"limit", "2"}});
  EXPECT_EQ(ids_of(first), (std::vector{found.studies[1].id, found.studies[0].id}));
  const Answer second = list({{"limit", "2"}, {"after", first.json["Next"].asString()}});
  EXPECT_EQ(ids_of(second), std::vector{found.studies[2].id});
  EXPECT_FALSE(second.json.isMember("Next"));
  EXPECT_EQ(list({{"after", resource_id(tests::study_key("P9", "9"))}}).status, 400);
}

TEST_F(StaffStudies, AreDescribedInTheCharacterSetOfTheirFiles) {
  store.put(tests::instance_key("P1", "1.1", "1.1.1", "1.1.1.1"),
            tests::DatasetBuilder()
                .text(Tag(0x0008, 0x0005), Vr::CS, "\\ISO 2022 IR 87")
                .text(Tag(0x0008, 0x0020), Vr::DA, "20260209")
                .text(Tag(0x0008, 0x0060), Vr::CS, "CT")
                .text(Tag(0x0010, 0x0010), Vr::PN,
                      "Yamada^Tarou=\033$B;3ED\033(B^\033$BB@O:\033(B=\033$B$d$^$@\033(B^"
                      "\033$B$?$m$&\033(B")
                .text(Tag(0x0010, 0x0030), Vr::DA, "19500101")
                .text(Tag(0x0010, 0x0040), Vr::CS, "M")
                .part10("1.2.840.10008.5.1.4.1.1.2", "1.1.1.1"));
  found.studies = {found.studies[0]};
  const Json::Value study = list().json["Studies"][0];
  EXPECT_EQ(study["PatientName"]["Ideographic"], "山田^太郎");
  EXPECT_EQ(study["PatientName"]["Phonetic"], "やまだ^たろう");
  EXPECT_EQ(study["PatientBirthDate"], "19500101");
  EXPECT_EQ(study["PatientSex"], "M");
  EXPECT_EQ(study["Modalities"][0], "CT");
  EXPECT_EQ(study["Instances"], 2);
  EXPECT_EQ(ids_of(list({{"search", "ヤマダ"}})), std::vector{found.studies[0].id});
  EXPECT_FALSE(asked->text.size()) << "the archive does not know kana";
  EXPECT_TRUE(ids_of(list({{"search", "鈴木"}})).empty());
}

TEST_F(StaffStudies, TellHowManySharesOfThemAreLive) {
  EXPECT_EQ(post_json("/shares", share_body(recipient)).status, 201);
  const Json::Value studies = list().json["Studies"];
  EXPECT_EQ(studies[0]["LiveShares"], 0) << "of another patient";
  EXPECT_EQ(studies[1]["LiveShares"], 1);
}

TEST_F(StaffStudies, OfAPatientAreOfNobodyWhoIsSpelledAlike) {
  EXPECT_EQ(ids_of(list({{"patient", "P2"}})), std::vector{found.studies[1].id});
  EXPECT_EQ(asked->patient_id, "P2");
}

TEST_F(StaffStudies, AreNotFoundByWildcardsOrWrongDates) {
  for (const auto& [name, value] : Query{{"search", "*"},
                                         {"patient", "P?"},
                                         {"search", ""},
                                         {"from", "2026"},
                                         {"to", "x"},
                                         {"accession", "a\\b"},
                                         {"orthanc", "1.1"},
                                         {"status", "live"}}) {
    EXPECT_EQ(list({{name, value}}).status, 400) << name << '=' << value;
  }
}

}  // namespace
}  // namespace sekisho::staff
