// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/study_words.h"

#include <gtest/gtest.h>

#include "unit/dicomweb/recipient_desk.h"

namespace sekisho::disclosure {
namespace {

using tests::instance_key;
using tests::RecipientDesk;
using tests::study_key;

class StudyWords : public ::testing::Test, public RecipientDesk {
 protected:
  audit::StudyWords words() {
    return study_words(archive(), *archive().list(study_key("P1", "1.2.3")));
  }
};

TEST_F(StudyWords, AreThoseOfTheOriginalsAndNameTheModalityOfEverySeries) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"), {.modality = "PT"});
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"), {.modality = "CT"});
  put(instance_key("P1", "1.2.3", "1.2.3.3", "1.2.3.3.1"), {.modality = "PT"});
  const audit::StudyWords said = words();
  EXPECT_EQ(said.patient_id, "P1");
  EXPECT_EQ(said.study_uid, "1.2.3");
  EXPECT_EQ(said.patient_name, "Yamada^Tarou");
  EXPECT_EQ(said.date, "20240131");
  EXPECT_EQ(said.modalities, R"(CT\PT)");
  EXPECT_EQ(said.description, "HEAD");
}

TEST_F(StudyWords, AreReadInTheCharacterSetOfTheFile) {
  using core::dicom::Tag;
  using core::dicom::Vr;
  archive().put(
      instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"),
      tests::DatasetBuilder()
          .text(Tag{0x0008, 0x0005}, Vr::CS, R"(\ISO 2022 IR 87)")
          .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B")
          .part10(tests::kCtImage, "1.2.3.1.1"));
  EXPECT_EQ(words().patient_name, "Yamada^Tarou=山田^太郎");
}

TEST_F(StudyWords, AreWhatSoundFilesSay) {
  archive().put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"), core::Bytes(200, 7));
  put(instance_key("P1", "1.2.3", "1.2.3.2", "1.2.3.2.1"));
  EXPECT_EQ(words().description, "HEAD");
  EXPECT_EQ(words().modalities, "CT");
}

TEST_F(StudyWords, StandInTheEntriesOfSearchAndTransferUnderEncryption) {
  put(instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1"));
  const auto given = share(tests::masked());
  const Json::Value row = rows(given, "/studies")[0];
  EXPECT_EQ(last_entry().toStyledString().find("Yamada"), std::string::npos);
  const auto expect_words = [&] {
    const audit::EntryText text = last_text();
    ASSERT_EQ(text.studies.size(), 1U);
    EXPECT_EQ(text.studies[0].patient_name, "Yamada^Tarou");
    EXPECT_EQ(text.studies[0].study_uid, "1.2.3");
    EXPECT_EQ(text.studies[0].date, "20240131");
    EXPECT_EQ(text.organisation, tests::a_recipient().organisation);
  };
  expect_words();
  const auto reply = get(given, "/studies/" + tests::value(row, "0020000D").asString());
  expect_words();
}

}  // namespace
}  // namespace sekisho::disclosure
