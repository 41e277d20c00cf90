// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/search.h"

#include <gtest/gtest.h>

#include "support/dicom_builder.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Vr;
using tests::DatasetBuilder;
using Parameters = std::vector<std::pair<std::string, std::string>>;

std::optional<Key> key(Vr vr, std::string_view value) {
  return Key::make({Tag{0x0010, 0x0020}}, vr, value);
}

bool matches(Vr vr, std::string_view wanted, std::string_view value) {
  const auto made = key(vr, wanted);
  EXPECT_TRUE(made) << wanted;
  return made && made->matches_text(value);
}

TEST(MatchKey, AnEmptyKeyOrALoneStarMatchesTheAbsentToo) {
  EXPECT_TRUE(matches(Vr::LO, "", ""));
  EXPECT_TRUE(matches(Vr::DA, "*", ""));
  EXPECT_TRUE(matches(Vr::UI, " ", "1.2"));
}

TEST(MatchKey, AnEmptyValueMatchesNothingElse) {
  EXPECT_FALSE(matches(Vr::LO, "?*", ""));
  EXPECT_FALSE(matches(Vr::LO, "**", ""));
  EXPECT_FALSE(matches(Vr::DA, "-20301231", ""));
  EXPECT_FALSE(matches(Vr::UI, "1.2", ""));
}

TEST(MatchKey, WildcardsMatchTextWithRegardToCase) {
  EXPECT_TRUE(matches(Vr::LO, "HEAD*", "HEAD CT"));
  EXPECT_TRUE(matches(Vr::LO, "*CT", "HEAD CT"));
  EXPECT_TRUE(matches(Vr::LO, "*A*D*C*", "HEAD CT"));
  EXPECT_TRUE(matches(Vr::LO, "H??D CT", "HEAD CT"));
  EXPECT_TRUE(matches(Vr::LO, "HEAD CT*", "HEAD CT"));
  EXPECT_FALSE(matches(Vr::LO, "H?D*", "HEAD CT"));
  EXPECT_FALSE(matches(Vr::LO, "head*", "HEAD CT"));
  EXPECT_FALSE(matches(Vr::LO, "HEAD", "HEAD CT"));
  EXPECT_FALSE(matches(Vr::LO, "*x", "HEAD CT"));
}

TEST(MatchKey, AQuestionMarkIsOneCharacterOfAnyWidth) {
  EXPECT_TRUE(matches(Vr::LO, "山?太郎", "山田太郎"));
  EXPECT_TRUE(matches(Vr::LO, "?é?", "山é😀"));
  EXPECT_FALSE(matches(Vr::LO, "??", "山"));
}

TEST(MatchKey, ManyStarsEndSoon) {
  const std::string text(20000, 'a');
  EXPECT_FALSE(matches(Vr::UT, "*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(MatchKey, APatternThatNobodyNeedsIsNone) {
  EXPECT_TRUE(key(Vr::LO, std::string(1024, '?')));
  EXPECT_FALSE(key(Vr::LO, std::string(1025, '?')));
  EXPECT_FALSE(key(Vr::PN, std::string(1025, 'a')));
  std::string many = "CT";
  for (int i = 0; i < 64; ++i) many += ",C*";
  EXPECT_FALSE(key(Vr::CS, many));
}

TEST(MatchKey, AnyOfSeveralValuesWillDo) {
  EXPECT_TRUE(matches(Vr::CS, "MR", "CT\\MR"));
  EXPECT_FALSE(matches(Vr::CS, "US", "CT\\MR"));
  EXPECT_FALSE(matches(Vr::LT, "b", "a\\b"));
}

TEST(MatchKey, CodesAndUidsMayBeLists) {
  EXPECT_TRUE(matches(Vr::CS, "CT,MR", "PT\\MR"));
  EXPECT_TRUE(matches(Vr::UI, "1.2\\1.3", "1.3"));
  EXPECT_TRUE(matches(Vr::UI, "1.2, 1.3", "1.3"));
  EXPECT_FALSE(matches(Vr::UI, "1.2,1.3", "1.2.1"));
  EXPECT_FALSE(matches(Vr::UI, "1.2*", "1.2.1")) << "UIDs have no wildcards";
}

TEST(MatchKey, NamesMatchWithoutCaseInAnyGroup) {
  constexpr const char* kName = "Yamada^Tarou=山田^太郎=やまだ^たろう";
  EXPECT_TRUE(matches(Vr::PN, "YAMADA*", kName));
  EXPECT_TRUE(matches(Vr::PN, "yamada^tarou", kName));
  EXPECT_TRUE(matches(Vr::PN, "yamada^tarou^^", kName));
  EXPECT_TRUE(matches(Vr::PN, "*太郎", kName));
  EXPECT_TRUE(matches(Vr::PN, "やまだ^?ろう", kName));
  EXPECT_TRUE(matches(Vr::PN, "*TAROU=山田*", kName));
  EXPECT_FALSE(matches(Vr::PN, "yamada", kName));
  EXPECT_FALSE(matches(Vr::PN, "tarou*", kName));
  EXPECT_TRUE(matches(Vr::PN, "doe^jane", "Doe^Jane^^^"));
}

TEST(MatchKey, DatesMatchAloneAndInRangesOpenAtEitherEnd) {
  EXPECT_TRUE(matches(Vr::DA, "20240131", "20240131"));
  EXPECT_TRUE(matches(Vr::DA, "20240131", "2024.01.31"));
  EXPECT_TRUE(matches(Vr::DA, "20240101-20240131", "20240131"));
  EXPECT_TRUE(matches(Vr::DA, "20240131-", "20240131"));
  EXPECT_TRUE(matches(Vr::DA, "-20240131", "19000101"));
  EXPECT_FALSE(matches(Vr::DA, "20240101-20240131", "20240201"));
  EXPECT_FALSE(matches(Vr::DA, "20240201-", "20240131"));
  EXPECT_FALSE(matches(Vr::DA, "20240131", "20240130"));
  EXPECT_FALSE(matches(Vr::DA, "-20240131", "no date"));
}

TEST(MatchKey, TimesSpanWhatTheyLeaveOpen) {
  EXPECT_TRUE(matches(Vr::TM, "10", "105959.999999"));
  EXPECT_TRUE(matches(Vr::TM, "1000-1030", "103059"));
  EXPECT_TRUE(matches(Vr::TM, "10:00", "100042"));
  EXPECT_TRUE(matches(Vr::TM, "101500", "1015"));
  EXPECT_FALSE(matches(Vr::TM, "1000-1030", "1031"));
  EXPECT_FALSE(matches(Vr::TM, "11-", "105959"));
}

TEST(MatchKey, DateTimesTellARangeFromAnOffset) {
  EXPECT_TRUE(matches(Vr::DT, "20240131-20240201", "20240131120000.5"));
  EXPECT_TRUE(matches(Vr::DT, "20240131120000-0500", "20240131120000"));
  EXPECT_TRUE(matches(Vr::DT, "20240131-0500-20240201-0500", "20240131235959"));
  EXPECT_TRUE(matches(Vr::DT, "2023-2024", "20240131"));
  EXPECT_FALSE(matches(Vr::DT, "20240131120000-0500", "20240131130000"));
  EXPECT_TRUE(matches(Vr::DT, "-20240131", "20240131+0900"));
}

TEST(MatchKey, NumbersCompareByValue) {
  EXPECT_TRUE(matches(Vr::DS, "0.5", "+.50"));
  EXPECT_TRUE(matches(Vr::IS, "7", "007"));
  EXPECT_TRUE(matches(Vr::DS, "2", "1\\2"));
  EXPECT_FALSE(matches(Vr::IS, "7", "70"));
  EXPECT_FALSE(matches(Vr::IS, "7", "x"));
}

TEST(MatchKey, ValuesThatCannotBeMatchedMakeNoKey) {
  for (const char* date : {"yesterday", "2024", "2024-01-31", "-", "20240101-2024x", "202401311"}) {
    EXPECT_FALSE(key(Vr::DA, date)) << date;
  }
  EXPECT_FALSE(key(Vr::TM, "ten"));
  EXPECT_FALSE(key(Vr::IS, "seven"));
  EXPECT_FALSE(key(Vr::DS, "nan"));
  EXPECT_FALSE(key(Vr::US, "CT"));
  EXPECT_FALSE(key(Vr::SQ, "x"));
  EXPECT_FALSE(key(Vr::OB, "x"));
}

TEST(MatchKey, ReadsTextAndNumbersOfADataSet) {
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 144")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "\xBB\xEE\xDA")
      .us(Tag{0x0028, 0x0010}, 512);
  const Dataset dataset{data.dataset()};
  EXPECT_TRUE(Key::make({Tag{0x0010, 0x0010}}, Vr::PN, "Лю*")->matches(dataset));
  EXPECT_TRUE(Key::make({Tag{0x0028, 0x0010}}, Vr::US, "512")->matches(dataset));
  EXPECT_FALSE(Key::make({Tag{0x0028, 0x0010}}, Vr::US, "51")->matches(dataset));
  EXPECT_FALSE(Key::make({Tag{0x0028, 0x0011}}, Vr::US, "512")->matches(dataset));
}

TEST(MatchKey, ADottedPathLeadsThroughSequencesOnly) {
  DatasetBuilder data;
  data.begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0040, 0x0009}, Vr::SH, "elsewhere")
      .end_item()
      .end_sequence()
      .text(Tag{0x0040, 0x0009}, Vr::SH, "outside")
      .begin_sequence(Tag{0x0040, 0x0275})
      .begin_item()
      .begin_sequence(Tag{0x0040, 0x0008})
      .begin_item()
      .text(Tag{0x0040, 0x0009}, Vr::SH, "deeper")
      .end_item()
      .end_sequence()
      .end_item()
      .begin_item()
      .text(Tag{0x0040, 0x0009}, Vr::SH, "step7")
      .end_item()
      .end_sequence();
  const Dataset dataset{data.dataset()};
  const auto at = [&](std::string_view wanted) {
    return Key::make({Tag{0x0040, 0x0275}, Tag{0x0040, 0x0009}}, Vr::SH, wanted)->matches(dataset);
  };
  EXPECT_TRUE(at("step*"));
  EXPECT_FALSE(at("outside"));
  EXPECT_FALSE(at("deeper"));
  EXPECT_FALSE(at("elsewhere"));
  EXPECT_FALSE(Key::make({Tag{0x0040, 0x0009}}, Vr::SH, "step7")->matches(dataset));
}

TEST(ParseSearch, ReadsKeysByKeywordTagAndPath) {
  const auto search = parse_search({{"PatientName", "x*"},
                                    {"00100020", "7"},
                                    {"0020000d", "1.2"},
                                    {"RequestAttributesSequence.ScheduledProcedureStepID", "9"},
                                    {"00400275.00400008.00080100", "8"}},
                                   Level::series);
  ASSERT_TRUE(search);
  ASSERT_EQ(search->keys.size(), 5U);
  EXPECT_EQ(search->keys[0].path(), std::vector{(Tag{0x0010, 0x0010})});
  EXPECT_EQ(search->keys[0].vr(), Vr::PN);
  EXPECT_EQ(search->keys[2].path(), std::vector{(Tag{0x0020, 0x000D})});
  EXPECT_EQ(search->keys[3].path(), (std::vector{Tag{0x0040, 0x0275}, Tag{0x0040, 0x0009}}));
  EXPECT_EQ(search->keys[4].path().size(), 3U);
}

TEST(ParseSearch, RepeatedUidsMakeOneList) {
  const auto search =
      parse_search({{"StudyInstanceUID", "1.2"}, {"0020000D", "1.3,1.4"}}, Level::study);
  ASSERT_TRUE(search);
  ASSERT_EQ(search->keys.size(), 1U);
  EXPECT_TRUE(search->keys[0].matches_text("1.2"));
  EXPECT_TRUE(search->keys[0].matches_text("1.4"));
  EXPECT_FALSE(search->keys[0].matches_text("1.5"));
}

TEST(ParseSearch, ReadsPageFuzzyAndIncludedFields) {
  const auto search = parse_search({{"limit", "101"},
                                    {"offset", "7"},
                                    {"fuzzymatching", "true"},
                                    {"accept", "application/json"},
                                    {"includefield", "00081030,Modality,00081030"},
                                    {"includefield", "RequestAttributesSequence.00400009"}},
                                   Level::study);
  ASSERT_TRUE(search);
  EXPECT_EQ(search->limit, 101U);
  EXPECT_EQ(search->offset, 7U);
  EXPECT_EQ(search->matching, Search::Matching::fuzzy_asked);
  EXPECT_EQ(search->include,
            (std::vector{Tag{0x0008, 0x0060}, Tag{0x0008, 0x1030}, Tag{0x0040, 0x0275}}));
  EXPECT_EQ(search->include_kind, Search::Include::listed);
  EXPECT_EQ(parse_search({{"includefield", "all"}}, Level::study)->include_kind,
            Search::Include::all);
}

TEST(ParseSearch, RefusesWhatItCannotDo) {
  const Parameters kBad[] = {
      {{"limit", "-1"}},
      {{"limit", "many"}},
      {{"limit", ""}},
      {{"limit", "1.5"}},
      {{"limit", "99999999999999999999999"}},
      {{"offset", "-5"}},
      {{"offset", "0x10"}},
      {{"fuzzymatching", "maybe"}},
      {{"includefield", "NoSuchField"}},
      {{"includefield", ""}},
      {{"NoSuchKeyword", "x"}},
      {{"0010002", "x"}},
      {{"0010002G", "x"}},
      {{"", "x"}},
      {{"PatientID.PatientName", "x"}},
      {{"RequestAttributesSequence.", "x"}},
      {{"PatientName", "a"}, {"00100010", "b"}},
      {{"StudyDate", "last week"}},
  };
  for (const Parameters& parameters : kBad) {
    EXPECT_FALSE(parse_search(parameters, Level::instance))
        << parameters.front().first << '=' << parameters.front().second;
  }
}

TEST(ParseSearch, KeysBelongToTheLevelOrAboveIt) {
  EXPECT_FALSE(parse_search({{"Modality", "CT"}}, Level::study));
  EXPECT_TRUE(parse_search({{"Modality", "CT"}}, Level::series));
  EXPECT_FALSE(parse_search({{"SOPInstanceUID", "1.2"}}, Level::series));
  EXPECT_TRUE(parse_search({{"SOPInstanceUID", "1.2"}}, Level::instance));
  EXPECT_TRUE(parse_search({{"ModalitiesInStudy", "CT"}}, Level::study));
}

TEST(ParseSearch, PathsAreNoDeeperThanDataMayBe) {
  std::string path = "00400275";
  for (int i = 0; i < core::dicom::kMaxDepth; ++i) path += ".00400275";
  EXPECT_FALSE(parse_search({{path, ""}}, Level::instance));
}

}  // namespace
}  // namespace sekisho::dicomweb
