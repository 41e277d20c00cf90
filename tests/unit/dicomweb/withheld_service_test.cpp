// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;

constexpr const char* kStudyUid = "0020000D";
constexpr const char* kSeriesUid = "0020000E";
constexpr const char* kInstanceUid = "00080018";
constexpr const char* kModalities = "00080061";
constexpr const char* kStudySeries = "00201206";
constexpr const char* kStudyInstances = "00201208";
constexpr const char* kSeriesInstances = "00201209";

/// Study 1.2.3: a series with an original and a screen capture, and one of captures alone.
class Withheld : public ::testing::Test, public RecipientDesk {
 protected:
  Withheld() {
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
    put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.2"), kCapture);
    put(kInstanceOfCaptures, kCapture);
  }
  inline static const ImageFields kCapture{.image_type = R"(DERIVED\SECONDARY\SCREEN SAVE)"};
  const core::InstanceKey kInstanceOfCaptures = instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1");

  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }
};

TEST_F(Withheld, ImagesAreInNoCount) {
  const auto all = share(masked());
  const Json::Value studies = rows(all, "/studies");
  ASSERT_EQ(studies.size(), 1U);
  EXPECT_EQ(value(studies[0], kStudySeries), 1);
  EXPECT_EQ(value(studies[0], kStudyInstances), 1);
  EXPECT_EQ(rows(all, "/series").size(), 1U);
  EXPECT_EQ(value(rows(all, "/series")[0], kSeriesInstances), 1);
  EXPECT_EQ(rows(all, "/instances").size(), 1U);
}

TEST_F(Withheld, AModalityOfWithheldImagesAloneIsNotNamed) {
  put(instance_key("P1", "1.2.3", "1.2.3.3", "1.2.3.3.1"), {.modality = "OT"});
  EXPECT_EQ(values(rows(share(masked()), "/studies"), kModalities), std::vector<std::string>{"CT"});
}

TEST_F(Withheld, ImagesAreInNoMetadataAndNoRetrieve) {
  const auto all = share(masked());
  const std::string study = value(rows(all, "/studies")[0], kStudyUid).asString();
  EXPECT_EQ(rows(all, "/studies/" + study + "/metadata").size(), 1U);
  auto reply = get(all, "/studies/" + study);
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(count(text_of(reply), "Content-Type: application/dicom"), 1U);
}

TEST_F(Withheld, AnImageLooksLikeOneThatIsNotThere) {
  const auto hidden =
      share(profile(R"("patient-fields")"), sharing::SeriesScope{{kInstanceOfCaptures.series}});
  EXPECT_EQ(rows(hidden, "/studies").size(), 0U);
  const std::string path = "/studies/1.2.3/series/1.2.3.2/instances/";
  auto withheld = get(hidden, path + "1.2.3.2.1");
  auto missing = get(hidden, path + "1.2.3.2.9");
  EXPECT_EQ(withheld.status(), 404);
  EXPECT_EQ(text_of(withheld), text_of(missing));
}

TEST_F(Withheld, WithoutAMaskEverythingIsThere) {
  EXPECT_EQ(rows(share(unmasked()), "/instances").size(), 3U);
}

TEST_F(Withheld, AnApprovedSeriesIsThereFromTheNextRequestOn) {
  const auto before = share(masked());
  EXPECT_EQ(rows(before, "/instances").size(), 1U);
  ASSERT_TRUE(shares().approve(before.id, kInstanceOfCaptures.series, "tanaka", now));
  const auto after = *shares().find(before.id);
  const Json::Value found = rows(after, "/instances");
  EXPECT_EQ(found.size(), 2U);
  EXPECT_EQ(value(rows(after, "/studies")[0], kStudySeries), 2);
  for (const Json::Value& row : found) {
    auto reply = get(after, "/studies/" + value(row, kStudyUid).asString() + "/series/" +
                                value(row, kSeriesUid).asString() + "/instances/" +
                                value(row, kInstanceUid).asString());
    EXPECT_EQ(reply.status(), 200);
  }
}

TEST_F(Withheld, AWithdrawnSeriesIsGoneFromTheNextRequestOn) {
  const auto before = share(masked());
  shares().approve(before.id, kInstanceOfCaptures.series, "tanaka", now);
  ASSERT_EQ(rows(*shares().find(before.id), "/instances").size(), 2U);
  shares().withdraw_approval(before.id, kInstanceOfCaptures.series, "suzuki", now);
  EXPECT_EQ(rows(*shares().find(before.id), "/instances").size(), 1U);
}

TEST_F(Withheld, WithdrawingCutsWhatIsUnderWayOfTheSeriesAndNothingElse) {
  const auto id = share(masked()).id;
  shares().approve(id, kInstanceOfCaptures.series, "tanaka", now);
  const auto approved = *shares().find(id);
  const Json::Value series = rows(approved, "/series");
  std::vector<Reply> running;
  for (const Json::Value& row : series) {
    running.push_back(get(approved, "/studies/" + value(row, kStudyUid).asString() + "/series/" +
                                        value(row, kSeriesUid).asString()));
  }
  shares().withdraw_approval(id, kInstanceOfCaptures.series, "suzuki", now);
  now += std::chrono::milliseconds(100);
  int cut = 0;
  for (Reply& reply : running) cut += reply.body()->may_go_on() ? 0 : 1;
  EXPECT_EQ(running.size(), 2U);
  EXPECT_EQ(cut, 1);
}

TEST_F(Withheld, WhatCannotBeBlackedOutIsNotThere) {
  apply(R"({"Rules": [{"Modality": "CT", "Rows": 4, "Columns": 4, "Action": "Blackout",
                       "Rectangles": [{"X": 0, "Y": 0, "Width": 4, "Height": 1}]}]})");
  // The images of this desk do not say how many samples a pixel has.
  EXPECT_EQ(rows(share(masked()), "/instances").size(), 0U);
}

}  // namespace
}  // namespace sekisho::dicomweb
