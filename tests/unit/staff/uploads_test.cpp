// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/uploads.h"

#include "shares_fixture.h"
#include "support/dicom_builder.h"

namespace sekisho::staff {
namespace {

using returns::State;

core::Uid uid(std::string_view text) { return core::Uid::parse(text).value(); }

class StaffUploads : public StaffShares {
 protected:
  returns::UploadId put(State state) {
    constexpr std::string_view kSr = "1.2.840.10008.5.1.4.1.1.88.33";
    returns::Upload upload;
    upload.id = returns::UploadId::random();
    upload.share = sharing::ShareId::random();
    upload.sender.recipient_id = std::string(32, 'b');
    upload.sender.recipient_name = "Kobayashi clinic";
    upload.sop_class = kSr;
    upload.key = {{{"P1", uid("1.1")}, uid("1.1.9")}, uid("1.1.9." + std::to_string(++put_))};
    upload.shown_study = uid("2.25.1");
    upload.readers_series = uid("2.25.2");
    upload.readers_instance = uid("2.25.3");
    upload.words.patient_name = "Yamada^Hanako";
    upload.received_at = now;
    const core::Bytes part10 =
        tests::DatasetBuilder()
            .text(core::dicom::Tag{0x0008, 0x0016}, core::dicom::Vr::UI, kSr)
            .text(core::dicom::Tag{0x0008, 0x0018}, core::dicom::Vr::UI, "1.1.9.1")
            .text(core::dicom::Tag{0x0040, 0xA160}, core::dicom::Vr::UT, "nodule in the right lung")
            .part10(kSr, "1.1.9.1");
    upload.size_bytes = part10.size();
    EXPECT_EQ(quarantine->receive(upload, part10), returns::Entry::free);
    if (state != State::received) {
      quarantine->move(upload.id, State::received, state, {"rule", "", now});
    }
    return upload.id;
  }
  static std::string path(const returns::UploadId& id, const std::string& what = "") {
    return "/uploads/" + id.text() + what;
  }
  State state_of(const returns::UploadId& id) { return quarantine->find(id)->state; }

 private:
  int put_ = 0;
};

TEST_F(StaffUploads, AListSaysNothingOfThePatientAndPutsNothingOnRecord) {
  const auto id = put(State::held);
  const std::size_t before = entries().size();
  const Answer list = get("/uploads", {{"status", "held"}});
  ASSERT_EQ(list.status, 200) << details(list);
  EXPECT_EQ(ids_of(list), std::vector{id.text()});
  EXPECT_EQ(to_text(list.json).find("Yamada"), std::string::npos);
  EXPECT_EQ(to_text(list.json).find("1.1.9"), std::string::npos);
  EXPECT_EQ(entries().size(), before);
  EXPECT_EQ(get("/uploads", {{"status", "lost"}}).status, 400);
  EXPECT_TRUE(ids_of(get("/uploads", {{"share", std::string(32, 'c')}})).empty());
}

TEST_F(StaffUploads, WhatOneSaysAndWhoseItWillBeIsShownOnRecord) {
  const auto id = put(State::held);
  const Answer shown = get(path(id));
  ASSERT_EQ(shown.status, 200) << details(shown);
  EXPECT_EQ(shown.json["Joins"]["PatientID"], "P1");
  EXPECT_EQ(shown.json["Joins"]["StudyInstanceUID"], "1.1");
  const Json::Value& text = shown.json["Elements"][2];
  EXPECT_EQ(text["Keyword"], "TextValue");
  EXPECT_EQ(text["Value"], "nodule in the right lung");
  EXPECT_EQ(last_entry()["event"], "return.show");
  EXPECT_EQ(last_entry()["facts"]["upload"], id.text());
  break_log();
  EXPECT_THROW(get(path(id)), audit::AuditError);
}

TEST_F(StaffUploads, WhatIsHeldIsReleasedOnRecord) {
  const auto id = put(State::held);
  const Answer released = post(path(id, "/release"));
  ASSERT_EQ(released.status, 200) << details(released);
  EXPECT_EQ(released.json["Status"], "released");
  EXPECT_EQ(released.json["DecidedBy"], "tanaka");
  EXPECT_EQ(last_entry()["event"], "return.release");
  EXPECT_EQ(last_entry()["detail"], "staff");
  EXPECT_EQ(post(path(id, "/release")).status, 409);
  EXPECT_EQ(post(path(id, "/reject"), R"({"Reason":"too late"})").status, 409);
}

TEST_F(StaffUploads, NobodyReleasesWhatIsApartOrNotScannedYet) {
  for (const State state : {State::apart, State::received, State::rejected}) {
    const auto id = put(state);
    const std::size_t before = entries().size();
    EXPECT_EQ(post(path(id, "/release")).status, 409);
    EXPECT_EQ(state_of(id), state);
    EXPECT_EQ(entries().size(), before);
  }
}

TEST_F(StaffUploads, ARejectionNeedsAReasonAndIsForGood) {
  const auto id = put(State::received);
  EXPECT_EQ(post(path(id, "/reject")).status, 400);
  const Answer rejected = post(path(id, "/reject"), R"({"Reason":"another patient's"})");
  ASSERT_EQ(rejected.status, 200) << details(rejected);
  EXPECT_EQ(rejected.json["Reason"], "another patient's");
  EXPECT_EQ(last_entry()["event"], "return.reject");
  EXPECT_EQ(to_text(last_entry()).find("another"), std::string::npos) << "sealed";
  EXPECT_EQ(post(path(id, "/release")).status, 409);
}

TEST_F(StaffUploads, WithoutTheLogNothingIsDecided) {
  const auto id = put(State::held);
  break_log();
  EXPECT_THROW(post(path(id, "/release")), audit::AuditError);
  EXPECT_EQ(state_of(id), State::held);
}

TEST_F(StaffUploads, WhatThereIsNotIsNotFound) {
  for (const std::string& id : {std::string(32, 'a'), std::string("x")}) {
    EXPECT_EQ(get("/uploads/" + id).status, 404);
    EXPECT_EQ(post("/uploads/" + id + "/release").status, 404);
  }
}

}  // namespace
}  // namespace sekisho::staff
