// SPDX-License-Identifier: GPL-3.0-or-later
// What a recipient wrote and gave back, when it is shown again.
#include <gtest/gtest.h>

#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kSegmentation = "1.2.840.10008.5.1.4.1.1.66.4";
constexpr Tag kStudyDate{0x0008, 0x0020};
constexpr Tag kSeriesDate{0x0008, 0x0021};
constexpr Tag kAcquisitionDate{0x0008, 0x0022};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr std::string_view kGuess = "HOSP-0000017";

/// Patient and study are the archive's; a guess at the patient's number stands below.
Bytes a_return() {
  return DatasetBuilder()
      .text(Tag{0x0008, 0x0016}, Vr::UI, kSegmentation)
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3.4.5")
      .text(kStudyDate, Vr::DA, "20240117")
      .text(kSeriesDate, Vr::DA, "20261122")
      .text(kAcquisitionDate, Vr::DA, "20240117")
      .begin_sequence(Tag{0x0008, 0x114A})  // ReferencedInstanceSequence
      .begin_item()
      .text(kPatientId, Vr::LO, kGuess)
      .end_item()
      .end_sequence()
      .text(kPatientId, Vr::LO, kGuess)
      .part10(kSegmentation, "1.2.3.4.5");
}

Bytes shown(Author author, const Profile& profile = basic()) {
  return bytes_of(mask(checked(a_return()), profile, a_share(), author));
}

std::size_t times(const Bytes& bytes, std::string_view text) {
  std::size_t count = 0;
  for (auto at = core::as_text(bytes).find(text); at != std::string_view::npos;
       at = core::as_text(bytes).find(text, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Author, NoRecipientTriesPatientNumbers) {
  const std::string pseudonym = a_share().identifier("PatientID", kGuess);
  EXPECT_EQ(times(shown(Author::hospital), pseudonym), 2U) << "what there is to see";
  EXPECT_EQ(times(shown(Author::recipient), pseudonym), 1U);
  EXPECT_EQ(times(shown(Author::another_recipient), pseudonym), 1U);
}

TEST(Author, NoRecipientLearnsByHowMuchDatesMove) {
  const Profile profile =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})");
  const std::string moved = value_in(shown(Author::hospital, profile), kStudyDate);
  const Bytes own = shown(Author::recipient, profile);
  EXPECT_EQ(value_in(own, kStudyDate), moved);
  EXPECT_EQ(value_in(own, kAcquisitionDate), moved);
  EXPECT_EQ(value_in(own, kSeriesDate), "20261122");
  const Bytes anothers = shown(Author::another_recipient, profile);
  EXPECT_EQ(value_in(anothers, kStudyDate), moved);
  EXPECT_EQ(value_in(anothers, kAcquisitionDate), "");
  EXPECT_EQ(value_in(anothers, kSeriesDate), "");
}

}  // namespace
}  // namespace sekisho::anonymization::tests
