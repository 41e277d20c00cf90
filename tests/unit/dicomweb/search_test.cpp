// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "dicomweb/row_match.h"
#include "support/dicom_builder.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Vr;
using tests::DatasetBuilder;
using Parameters = std::vector<std::pair<std::string, std::string>>;

std::optional<Key> key_at(std::vector<Tag> path, Vr vr, std::string_view value,
                          const Matching& matching = {}) {
  const std::string readings[] = {std::string(value)};
  return Key::make(std::move(path), vr, readings, matching);
}

std::optional<Key> key(Vr vr, std::string_view value, const Matching& matching = {}) {
  return key_at({Tag{0x0010, 0x0020}}, vr, value, matching);
}

bool matches(Vr vr, std::string_view wanted, std::string_view value,
             const Matching& matching = {}) {
  const auto made = key(vr, wanted, matching);
  EXPECT_TRUE(made) << wanted;
  return made && made->matches_text(value);
}

/// Whether a row of instances is found by what is asked.
bool finds(const DatasetBuilder& row, const Parameters& asked) {
  const auto search = parse_search(asked, Level::instance);
  EXPECT_TRUE(search) << asked.front().first << '=' << asked.front().second;
  if (!search) return false;
  return RowMatch(*search).matches(Dataset{row.dataset()}, [](Tag) { return std::nullopt; });
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
  EXPECT_TRUE(finds(data, {{"PatientName", "Лю*"}}));
  EXPECT_TRUE(finds(data, {{"Rows", "512"}}));
  EXPECT_FALSE(finds(data, {{"Rows", "51"}}));
  EXPECT_FALSE(finds(data, {{"Columns", "512"}}));
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
  const auto at = [&](const char* wanted) {
    return finds(data, {{"RequestAttributesSequence.ScheduledProcedureStepID", wanted}});
  };
  EXPECT_TRUE(at("step*"));
  EXPECT_FALSE(at("outside"));
  EXPECT_FALSE(at("deeper"));
  EXPECT_FALSE(at("elsewhere"));
  EXPECT_FALSE(finds(data, {{"ScheduledProcedureStepID", "step7"}}));
}

/// PS3.18 §10.6.1.2.1.
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
  EXPECT_EQ(search->matching.names, Matching::Names::fuzzy);
  EXPECT_EQ(search->unknown, Search::Unknown::none);
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
      {{"NoSuchKeyword", "x"}},
      {{"0010002", "x"}},
      {{"0010002G", "x"}},
      {{"patientname", "x"}},
      {{"Limit", "1"}},
      {{"emptyvaluematching", "yes"}},
      {{"multiplevaluematching", "1"}},
      {{"TimezoneOffsetFromUTC", "JST"}},
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

/// PS3.18 §8.3: "shall ignore any unsupported Query Parameters".
TEST(ParseSearch, IgnoresParametersThatAreNotSupportedAndSaysSo) {
  for (const char* name : {"_", "session_code", "orderby", "charset", "returnempty", "x-y", ""}) {
    const auto search = parse_search({{name, "x"}, {"limit", "1"}}, Level::study);
    ASSERT_TRUE(search) << name;
    EXPECT_EQ(search->unknown, Search::Unknown::ignored) << name;
    EXPECT_TRUE(search->keys.empty());
  }
}

TEST(ParseSearch, TakesAnEmptyElementOfAListForNothing) {
  for (const char* list : {"", ",", "00081030,", ",00081030", "00081030,,", "+00081030,+"}) {
    const auto search = parse_search({{"includefield", list}}, Level::study);
    ASSERT_TRUE(search) << list;
    EXPECT_LE(search->include.size(), 1U) << list;
  }
  EXPECT_EQ(parse_search({{"includefield", "00081030,+Modality"}}, Level::study)->include.size(),
            2U);
}

/// PS3.4 Tables C.3-1 and C.6: a key that would never find anything is no search.
TEST(ParseSearch, RefusesKeysOfWhichNoValueIsKnown) {
  for (const char* name :
       {"RetrieveAETitle", "QueryRetrieveLevel", "QueryRetrieveView", "StorageMediaFileSetID",
        "StorageMediaFileSetUID", "RetrieveURI", "RetrieveLocationUID", "TransferSyntaxUID",
        "AnatomicRegionsInStudyCodeSequence.CodeValue", "CommandField", "00100000"}) {
    EXPECT_FALSE(parse_search({{name, "1"}}, Level::instance)) << name;
  }
  for (const char* name : {"SOPClassesInStudy", "InstanceAvailability", "ModalitiesInStudy",
                           "NumberOfStudyRelatedInstances", "RetrieveURL"}) {
    EXPECT_TRUE(parse_search({{name, "1"}}, Level::study)) << name;
  }
}

/// PS3.4 §C.2.2.2.5.4: as one where both are ranges of one form.
TEST(RowMatch, ReadsADateAndItsTimeAsOne) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "20240119")
      .text(Tag{0x0008, 0x0021}, Vr::DA, "20240119")
      .text(Tag{0x0008, 0x0023}, Vr::DA, "20240119")
      .text(Tag{0x0008, 0x0030}, Vr::TM, "233000")
      .text(Tag{0x0008, 0x0031}, Vr::TM, "2330")
      .text(Tag{0x0008, 0x0033}, Vr::TM, "23");
  for (const auto& [date, time] :
       {std::pair{"StudyDate", "StudyTime"}, std::pair{"SeriesDate", "SeriesTime"},
        std::pair{"ContentDate", "ContentTime"}}) {
    const auto found = [&](const char* dates, const char* times) {
      const bool one = finds(row, {{date, dates}, {time, times}});
      EXPECT_EQ(one, finds(row, {{time, times}, {date, dates}})) << "whichever comes first";
      return one;
    };
    EXPECT_TRUE(found("20240119-20240120", "2200-0200")) << date;
    EXPECT_TRUE(found("20240118-20240120", "1200-1300")) << date;
    EXPECT_FALSE(found("20240118-20240119", "1200-2200")) << date;
    EXPECT_TRUE(found("20240118-", "2359-")) << date;
    EXPECT_FALSE(found("20240119-", "2359-")) << date;
    EXPECT_TRUE(found("-20240120", "-0100")) << date;
    EXPECT_FALSE(found("-20240119", "-0100")) << date;
    EXPECT_TRUE(found("20240119", "2200-2359")) << date << ": one day, each for itself";
    EXPECT_FALSE(found("20240119", "0100-0200")) << date;
    EXPECT_FALSE(found("20240118-20240120", "1200")) << date << ": no range, each for itself";
    EXPECT_FALSE(found("20240118-20240120", "-1200")) << date << ": of another form";
    EXPECT_TRUE(found("20240118-20240120", "")) << date;
  }
}

TEST(RowMatch, ReadsADateWithoutATimeFromItsBeginning) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "20240119");
  EXPECT_TRUE(finds(row, {{"StudyDate", "20240118-20240120"}, {"StudyTime", "1200-1300"}}));
  EXPECT_FALSE(finds(row, {{"StudyDate", "20240119-20240120"}, {"StudyTime", "1200-1300"}}));
  EXPECT_FALSE(finds(row, {{"StudyTime", "0000-2359"}}));
  DatasetBuilder timeless;
  timeless.text(Tag{0x0008, 0x0030}, Vr::TM, "1200");
  EXPECT_FALSE(finds(timeless, {{"StudyDate", "20240118-20240120"}, {"StudyTime", "1100-1300"}}));
}

TEST(RowMatch, ReadsPairsOfSeveralValuesInTheirOrder) {
  DatasetBuilder row;
  row.text(Tag{0x0018, 0x1200}, Vr::DA, "20240101\\20240201")
      .text(Tag{0x0018, 0x1201}, Vr::TM, "0800\\1600");
  EXPECT_TRUE(finds(row, {{"DateOfLastCalibration", "20240201"}, {"TimeOfLastCalibration", "16"}}));
  EXPECT_FALSE(
      finds(row, {{"DateOfLastCalibration", "20240201"}, {"TimeOfLastCalibration", "08"}}));
}

/// PS3.4 §C.2.2.2.1, §C.2.2.2.5.2: dates and times are those of the clock of who asks.
TEST(RowMatch, MovesDatesAndTimesToTheClockOfWhoAsks) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "20240119")
      .text(Tag{0x0008, 0x002A}, Vr::DT, "20240119233000")
      .text(Tag{0x0008, 0x0030}, Vr::TM, "233000")
      .text(Tag{0x0008, 0x0201}, Vr::SH, "+0000");
  const auto in_japan = [&](Parameters asked) {
    asked.emplace_back("TimezoneOffsetFromUTC", "+0900");
    return finds(row, asked);
  };
  EXPECT_TRUE(in_japan({{"StudyDate", "20240120"}}));
  EXPECT_FALSE(in_japan({{"StudyDate", "20240119"}}));
  EXPECT_TRUE(in_japan({{"StudyTime", "0830"}}));
  EXPECT_FALSE(in_japan({{"StudyTime", "2330"}}));
  EXPECT_TRUE(in_japan({{"StudyDate", "20240120-20240121"}, {"StudyTime", "0800-0900"}}));
  EXPECT_TRUE(in_japan({{"AcquisitionDateTime", "20240120083000"}}));
  EXPECT_FALSE(in_japan({{"AcquisitionDateTime", "20240119"}}));
  EXPECT_TRUE(in_japan({{"AcquisitionDateTime", "20240119233000+0000"}})) << "it says its own";
  EXPECT_TRUE(finds(row, {{"StudyDate", "20240119"}, {"StudyTime", "2330"}})) << "none is said";
  EXPECT_TRUE(finds(row, {{"StudyDate", "20240120"}, {"00080201", " 0900"}})) << "a form's plus";
}

TEST(RowMatch, TakesDatesAsTheyAreWhereTheirClockIsUnknown) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "20240119").text(Tag{0x0008, 0x0030}, Vr::TM, "233000");
  EXPECT_TRUE(finds(row, {{"StudyDate", "20240119"}, {"TimezoneOffsetFromUTC", "+0900"}}));
  EXPECT_TRUE(finds(row, {{"StudyDate", "20240119"}, {"TimezoneOffsetFromUTC", ""}}));
}

/// PS3.4 §C.2.2.2.6: all keys of a sequence by one item of it.
TEST(RowMatch, HoldsKeysOfOneSequenceAgainstOneItem) {
  DatasetBuilder row;
  row.begin_sequence(Tag{0x0040, 0x0275});
  for (const auto& [procedure, step, code] :
       {std::tuple{"P1", "S1", "C1"}, std::tuple{"P2", "S2", "C2"}}) {
    row.begin_item()
        .begin_sequence(Tag{0x0040, 0x0008})
        .begin_item()
        .text(Tag{0x0008, 0x0100}, Vr::SH, code)
        .end_item()
        .end_sequence()
        .text(Tag{0x0040, 0x0009}, Vr::SH, step)
        .text(Tag{0x0040, 0x1001}, Vr::SH, procedure)
        .end_item();
  }
  row.end_sequence();
  const auto found = [&](const char* procedure, const char* step, const char* code) {
    return finds(row, {{"00400275.00401001", procedure},
                       {"00400275.00400009", step},
                       {"00400275.00400008.00080100", code}});
  };
  EXPECT_TRUE(found("P1", "S1", "C1"));
  EXPECT_TRUE(found("P2", "S*", ""));
  EXPECT_FALSE(found("P1", "S2", ""));
  EXPECT_FALSE(found("P1", "", "C2"));
  EXPECT_FALSE(found("P1", "S1", "C3"));
  EXPECT_TRUE(finds(row, {{"RequestAttributesSequence", ""}}));
}

/// PS3.4 §C.2.2.2.7, PS3.18 §8.3.4.5.
TEST(RowMatch, TwoQuotesFindWhatIsEmptyOrAbsentWhereAskedTo) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "")
      .text(Tag{0x0008, 0x1030}, Vr::LO, "  ")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "A^B")
      .begin_sequence(Tag{0x0040, 0x0275})
      .begin_item()
      .text(Tag{0x0040, 0x0009}, Vr::SH, "S1")
      .end_item()
      .end_sequence();
  const auto empty = [&](const char* name) {
    return finds(row, {{name, "\"\""}, {"emptyvaluematching", "true"}});
  };
  EXPECT_TRUE(empty("StudyDate"));
  EXPECT_TRUE(empty("StudyTime"));
  EXPECT_TRUE(empty("StudyDescription"));
  EXPECT_TRUE(empty("Rows"));
  EXPECT_FALSE(empty("PatientName"));
  EXPECT_FALSE(empty("00400275.00400009"));
  EXPECT_TRUE(empty("00400275.00401001"));
  EXPECT_TRUE(empty("ReferencedStudySequence"));
  EXPECT_TRUE(empty("ReferencedStudySequence.ReferencedSOPInstanceUID"));
  EXPECT_FALSE(empty("RequestAttributesSequence"));
  EXPECT_FALSE(parse_search({{"StudyDate", "\"\""}}, Level::study)) << "no date, and not asked for";
}

/// PS3.4 §C.2.2.2.8, PS3.18 §8.3.4.6.
TEST(RowMatch, FindsAllOfSeveralValuesWhereAskedTo) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL")
      .text(Tag{0x0010, 0x1001}, Vr::PN, "Yamada^Tarou\\Satou^Tarou");
  const auto all = [&](const char* name, const char* value) {
    return finds(row, {{name, value}, {"multiplevaluematching", "true"}});
  };
  EXPECT_TRUE(all("ImageType", "AXIAL\\ORIGINAL"));
  EXPECT_TRUE(all("ImageType", "AXIAL,ORIGINAL"));
  EXPECT_FALSE(all("ImageType", "AXIAL\\DERIVED"));
  EXPECT_TRUE(finds(row, {{"ImageType", "AXIAL\\DERIVED"}})) << "any will do else";
  EXPECT_TRUE(all("OtherPatientNames", "satou^tarou\\yamada*"));
  EXPECT_FALSE(all("OtherPatientNames", "satou^tarou\\suzuki*"));
}

/// A form, `urlencode` and `URLSearchParams` write a space so.
TEST(RowMatch, TakesAPlusInATextForASpaceAsWell) {
  DatasetBuilder row;
  row.text(Tag{0x0008, 0x0020}, Vr::DA, "20240119")
      .text(Tag{0x0008, 0x0060}, Vr::CS, "C T")
      .text(Tag{0x0008, 0x1030}, Vr::LO, "CHEST CT")
      .text(Tag{0x0008, 0x103E}, Vr::LO, "C++ 5+5")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Van Dyck^Ann")
      .text(Tag{0x0018, 0x0050}, Vr::DS, "5.0")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2");
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, const char*>>{{"StudyDescription", "CHEST+CT"},
                                                        {"StudyDescription", "*HEST+C*"},
                                                        {"StudyDescription", "+CHEST+CT+"},
                                                        {"SeriesDescription", "C++ 5+5"},
                                                        {"SeriesDescription", "C+++5+5"},
                                                        {"SeriesDescription", "*5+5"},
                                                        {"PatientName", "van+dyck^ann"},
                                                        {"PatientName", "van+dyck*"},
                                                        {"Modality", "MR,+C+T"},
                                                        {"StudyInstanceUID", "1.3,+1.2"},
                                                        {"StudyDate", "20240101+-+20240131"},
                                                        {"SliceThickness", "+5"}}) {
    EXPECT_TRUE(finds(row, {{name, value}})) << name << '=' << value;
  }
  EXPECT_FALSE(finds(row, {{"StudyDescription", "CHEST+MR"}}));
}

/// PS3.4 §C.2.2.2: never matched, it says how the others are encoded.
TEST(ParseSearch, ReadsTextInTheCharacterSetThatIsSaid) {
  const auto key_of = [](const char* set, const char* name) {
    auto search =
        parse_search({{"PatientName", name}, {"SpecificCharacterSet", set}}, Level::study);
    EXPECT_EQ(search.value().keys.size(), 1U);
    return search->keys.front();
  };
  EXPECT_TRUE(key_of("ISO_IR 100", "M\xFCller*").matches_text("Müller^Eva"));
  EXPECT_TRUE(key_of("ISO_IR 100", "Müller*").matches_text("Müller^Eva"))
      << "it is UTF-8 all the same";
  EXPECT_TRUE(key_of("ISO_IR 192", "Müller*").matches_text("Müller^Eva"));
  EXPECT_TRUE(
      key_of("\\ISO 2022 IR 87", "*=\x1B$B;3ED\x1B(B^*").matches_text("Yamada^Tarou=山田^太郎"));
  EXPECT_TRUE(key_of("GB18030", "\xCD\xF5*").matches_text("王^小东"));
  EXPECT_TRUE(key_of("ISO_IR 13", "\xD4\xCF\xC0\xDE*").matches_text("ﾔﾏﾀﾞ^ﾀﾛｳ"));
  EXPECT_FALSE(key_of("ISO_IR 100", "M\xFCller*").matches_text("Mueller^Eva"));
}

}  // namespace
}  // namespace sekisho::dicomweb
