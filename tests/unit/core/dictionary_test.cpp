// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/dictionary.h"

#include <gtest/gtest.h>

namespace sekisho::core::dicom {
namespace {

std::string_view keyword(Tag tag) {
  const DictionaryEntry* entry = find(tag);
  return entry ? entry->keyword : "nothing";
}

TEST(Dictionary, FindsByTag) {
  const DictionaryEntry* entry = find(Tag{0x0010, 0x0010});
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->keyword, "PatientName");
  EXPECT_EQ(entry->vr, Vr::PN);
  EXPECT_FALSE(entry->retired);
}

TEST(Dictionary, FindsTheFirstAndTheLastRow) {
  EXPECT_EQ(keyword(Tag{0x0002, 0x0000}), "FileMetaInformationGroupLength");
  EXPECT_EQ(keyword(Tag{0xFFFC, 0xFFFC}), "DataSetTrailingPadding");
}

TEST(Dictionary, FindsByKeyword) {
  ASSERT_NE(find_keyword("PatientID"), nullptr);
  EXPECT_EQ(find_keyword("PatientID")->tag, (Tag{0x0010, 0x0020}));
  EXPECT_EQ(find_keyword("OverlayData")->tag, (Tag{0x6000, 0x3000}));
  EXPECT_EQ(find_keyword("patientid"), nullptr);
  EXPECT_EQ(find_keyword(""), nullptr);
  EXPECT_EQ(find_keyword("Zzz"), nullptr);
}

TEST(Dictionary, CurvesAndOverlaysRepeatAtEvenGroups) {
  EXPECT_EQ(keyword(Tag{0x6000, 0x3000}), "OverlayData");
  EXPECT_EQ(keyword(Tag{0x601E, 0x3000}), "OverlayData");
  EXPECT_EQ(keyword(Tag{0x60FE, 0x3000}), "OverlayData");
  EXPECT_EQ(keyword(Tag{0x5002, 0x3000}), "CurveData");
  EXPECT_EQ(keyword(Tag{0x6001, 0x3000}), "nothing");
  EXPECT_EQ(keyword(Tag{0x6100, 0x3000}), "nothing");
  EXPECT_EQ(find(Tag{0x6004, 0x3000})->tag, (Tag{0x6000, 0x3000}));
}

TEST(Dictionary, ElementsRepeatWhereTheirNumberHasAnX) {
  EXPECT_EQ(keyword(Tag{0x0020, 0x3100}), "SourceImageIDs");
  EXPECT_EQ(keyword(Tag{0x0020, 0x31FF}), "SourceImageIDs");
  EXPECT_EQ(keyword(Tag{0x0020, 0x3200}), "nothing");
  EXPECT_EQ(keyword(Tag{0x0028, 0x0410}), "RowsForNthOrderCoefficients");
  EXPECT_EQ(keyword(Tag{0x0028, 0x04F3}), "CoefficientCodingPointers");
  EXPECT_EQ(keyword(Tag{0x1000, 0x0123}), "HuffmanTableTriplet");
  EXPECT_EQ(keyword(Tag{0x1010, 0xBEEF}), "ZonalMap");
}

TEST(Dictionary, GroupLengthsAndPrivateElementsAreNotInIt) {
  EXPECT_EQ(find(Tag{0x0008, 0x0000}), nullptr);
  EXPECT_EQ(find(Tag{0x1010, 0x0000}), nullptr);
  EXPECT_EQ(find(Tag{0x0029, 0x0010}), nullptr);
  EXPECT_EQ(find(kItem), nullptr);
}

TEST(Dictionary, SaysTheVrOfImplicitData) {
  EXPECT_EQ(implicit_vr(Tag{0x0008, 0x0000}), Vr::UL);
  EXPECT_EQ(implicit_vr(Tag{0x0029, 0x0010}), Vr::LO);
  EXPECT_EQ(implicit_vr(Tag{0x0029, 0x1010}), Vr::UN);
  EXPECT_EQ(implicit_vr(Tag{0x0028, 0x0106}), Vr::US);  // US or SS
  EXPECT_EQ(implicit_vr(kPixelData), Vr::OW);
  EXPECT_EQ(implicit_vr(Tag{0x6002, 0x3000}), Vr::OW);
  EXPECT_EQ(implicit_vr(Tag{0x0008, 0x1140}), Vr::SQ);
  EXPECT_EQ(implicit_vr(Tag{0x4444, 0x0001}), Vr::UN);
}

TEST(Dictionary, HasTheNewestRowOfTheDeidentificationTable) {
  EXPECT_NE(find(Tag{0x3004, 0x007F}), nullptr);
}

}  // namespace
}  // namespace sekisho::core::dicom
