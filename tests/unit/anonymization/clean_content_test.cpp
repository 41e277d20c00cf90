// SPDX-License-Identifier: GPL-3.0-or-later
// Clean Structured Content: references by position, what a report cannot do without, and codes that
// are anybody's.
#include <gtest/gtest.h>

#include "anonymization/profiles/profile_catalogue.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr Tag kConceptName{0x0040, 0xA043};
constexpr Tag kConceptCode{0x0040, 0xA168};
constexpr Tag kMeasuredValue{0x0040, 0xA300};
constexpr Tag kUnits{0x0040, 0x08EA};
constexpr Tag kNumericValue{0x0040, 0xA30A};
constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr Tag kReferenced{0x0040, 0xDB73};

const Profile& cleaning() {
  static const Profile profile = profile_of(
      R"({"Name": "ps3.15-basic", "Options": ["CleanStructuredContent", "RetainUids"]})");
  return profile;
}

/// A report, content item by content item.
class Report {
 public:
  explicit Report(std::string_view syntax = core::dicom::kExplicitVrLittleEndian,
                  std::string_view title_scheme = "DCM")
      : dataset_(syntax) {
    dataset_.text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
        .text(Tag{0x0040, 0xA040}, Vr::CS, "CONTAINER");
    code(kConceptName, title_scheme);
    dataset_.begin_sequence(kContentSequence);
  }
  Report& begin(std::string_view relationship, std::string_view type,
                std::string_view scheme = "DCM", std::string_view number = "1") {
    dataset_.begin_item()
        .text(Tag{0x0040, 0xA010}, Vr::CS, relationship)
        .text(Tag{0x0040, 0xA040}, Vr::CS, type);
    code(kConceptName, scheme, number);
    return *this;
  }
  Report& code(Tag sequence, std::string_view scheme, std::string_view number = "1") {
    dataset_.begin_sequence(sequence)
        .begin_item()
        .text(Tag{0x0008, 0x0100}, Vr::SH, number)
        .text(Tag{0x0008, 0x0102}, Vr::SH, scheme)
        .text(Tag{0x0008, 0x0104}, Vr::LO, std::string("meaning of ") + std::string(scheme))
        .end_item()
        .end_sequence();
    return *this;
  }
  Report& text(Tag tag, Vr vr, std::string_view value) {
    dataset_.text(tag, vr, value);
    return *this;
  }
  /// A measured value, with whatever `fill` puts beside its number.
  template <class Fill>
  Report& number(std::string_view value, std::string_view unit, Fill fill) {
    dataset_.begin_sequence(kMeasuredValue).begin_item();
    code(kUnits, "UCUM", unit);
    fill(dataset_);
    dataset_.text(kNumericValue, Vr::DS, value).end_item().end_sequence();
    return *this;
  }
  Report& number(std::string_view value, std::string_view unit) {
    return number(value, unit, [](DatasetBuilder&) {});
  }
  /// A value in each element that may hold one, each told from the others.
  Report& stray_values() {
    dataset_.text(Tag{0x0040, 0xA120}, Vr::DT, "19310203040506")
        .text(Tag{0x0040, 0xA121}, Vr::DA, "19320304")
        .text(Tag{0x0040, 0xA122}, Vr::TM, "112233")
        .text(Tag{0x0040, 0xA123}, Vr::PN, "Sato^Hanako")
        .text(Tag{0x0040, 0xA124}, Vr::UI, "1.2.3.4.5.6.7")
        .text(Tag{0x0040, 0xA160}, Vr::UT, "a note about Sato")
        .text(kNumericValue, Vr::DS, "4711.5");
    return *this;
  }
  Report& refer(std::string_view relationship, std::vector<std::uint32_t> position) {
    return refer(relationship, std::move(position), [](Report&) {});
  }
  template <class Fill>
  Report& refer(std::string_view relationship, std::vector<std::uint32_t> position, Fill fill) {
    DatasetBuilder value(syntax());
    for (std::uint32_t step : position) {
      if (is_big()) {
        value.raw(Bytes{0, 0, 0, static_cast<Byte>(step)});
      } else {
        value.raw(Bytes{static_cast<Byte>(step), 0, 0, 0});
      }
    }
    dataset_.begin_item().text(Tag{0x0040, 0xA010}, Vr::CS, relationship);
    fill(*this);
    dataset_.bytes(kReferenced, Vr::UL, value.dataset()).end_item();
    return *this;
  }
  Report& below() {
    dataset_.begin_sequence(kContentSequence);
    return *this;
  }
  Report& end_below() {
    dataset_.end_sequence();
    return *this;
  }
  Report& end() {
    dataset_.end_item();
    return *this;
  }
  /// An item without anything below.
  Report& leaf(std::string_view relationship, std::string_view type,
               std::string_view scheme = "DCM", std::string_view number = "1") {
    return begin(relationship, type, scheme, number).end();
  }
  Bytes part10() {
    dataset_.end_sequence();
    return dataset_.part10(kComprehensiveSr, kInstance);
  }
  Report& big() {
    is_big_ = true;
    return *this;
  }

 private:
  bool is_big() const { return is_big_; }
  std::string_view syntax() const {
    return is_big_ ? core::dicom::kExplicitVrBigEndian : core::dicom::kExplicitVrLittleEndian;
  }
  DatasetBuilder dataset_;
  bool is_big_ = false;
};

/// The options under which most would stay.
const Profile& retaining() {
  static const Profile profile = profile_of(
      R"({"Name": "ps3.15-basic", "Options": ["CleanStructuredContent", "RetainUids",
          "RetainFullDates", "RetainPatientCharacteristics"]})");
  return profile;
}

/// The positions that references have, in the order of the file.
std::vector<std::vector<int>> references_in(const Bytes& part10) {
  const CheckedFile file = checked(part10);
  core::dicom::Walker walker(file.header(), file.transfer_syntax().vr,
                             file.transfer_syntax().order);
  const bool is_big = file.transfer_syntax().order == core::dicom::ByteOrder::big;
  std::vector<std::vector<int>> found;
  for (auto token = walker.next(); token.kind != core::dicom::Token::Kind::end;
       token = walker.next()) {
    if (token.tag != kReferenced || token.kind != core::dicom::Token::Kind::element) continue;
    std::vector<int> position;
    for (std::size_t i = 0; i < token.value.size(); i += 4) {
      position.push_back(token.value[i + (is_big ? 3 : 0)]);
    }
    found.push_back(position);
  }
  return found;
}

using Positions = std::vector<std::vector<int>>;

// A TEXT of concept (DCM, 121106), a comment, is removed by Table E.3.4-1.
constexpr std::string_view kRemoved = "121106";

TEST(CleanContentReferences, CountWhatStays) {
  for (bool is_big : {false, true}) {
    Report report(is_big ? core::dicom::kExplicitVrBigEndian
                         : core::dicom::kExplicitVrLittleEndian);
    if (is_big) report.big();
    report.leaf("CONTAINS", "TEXT", "DCM", kRemoved)
        .begin("CONTAINS", "CONTAINER")
        .below()
        .leaf("CONTAINS", "TEXT", "DCM", kRemoved)
        .leaf("CONTAINS", "IMAGE")
        .end_below()
        .end()
        .begin("CONTAINS", "NUM")
        .below()
        .refer("INFERRED FROM", {1, 2, 2})
        .end_below()
        .end();
    const Bytes masked = masked_alike(cleaning(), report.part10());
    EXPECT_EQ(references_in(masked), (Positions{{1, 1, 1}}));
  }
}

TEST(CleanContentReferences, GoWithWhatTheyReferTo) {
  Report report;
  report.begin("CONTAINS", "CONTAINER")
      .below()
      .leaf("CONTAINS", "TEXT", "DCM", kRemoved)
      .end_below()
      .end()
      .begin("CONTAINS", "NUM")
      .below()
      .refer("INFERRED FROM", {1, 1, 1})
      .refer("INFERRED FROM", {1, 9})
      .refer("INFERRED FROM", {2, 1})
      .refer("INFERRED FROM", {1})
      .refer("INFERRED FROM", {1, 2, 1})
      .refer("INFERRED FROM", {1, 0})
      .end_below()
      .end();
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_EQ(references_in(masked), Positions{});
}

TEST(CleanContentReferences, TakeCoordinatesWithThem) {
  Report report;
  report.leaf("CONTAINS", "TEXT", "DCM", kRemoved)
      .begin("CONTAINS", "SCOORD", "DCM", "111030")
      .below()
      .refer("SELECTED FROM", {1, 1})
      .end_below()
      .end()
      .begin("CONTAINS", "TCOORD", "DCM", "111031")
      .below()
      .refer("SELECTED FROM", {1, 2})
      .end_below()
      .end()
      .begin("CONTAINS", "SCOORD", "DCM", "111032")
      .below()
      .leaf("SELECTED FROM", "IMAGE")
      .end_below()
      .end()
      .begin("CONTAINS", "NUM", "DCM", "111033")
      .below()
      .refer("INFERRED FROM", {1, 4})
      .end_below()
      .end();
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_FALSE(contains(masked, "111030"));
  EXPECT_FALSE(contains(masked, "111031"));
  EXPECT_TRUE(contains(masked, "111032"));
  EXPECT_TRUE(contains(masked, "111033"));
  EXPECT_EQ(references_in(masked), (Positions{{1, 1}}));
}

/// The type goes, and a second masking would take the item for one without.
TEST(CleanContent, DoesNotBelieveATypeThatIsNotWrittenAsOne) {
  const Bytes report = DatasetBuilder()
                           .text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
                           .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
                           .begin_sequence(kContentSequence)
                           .begin_item()
                           .text(Tag{0x0040, 0xA010}, Vr::CS, "CONTAINS")
                           .text(Tag{0x0040, 0xA040}, Vr::SS, "IMAGE")
                           .end_item()
                           .end_sequence()
                           .part10(kComprehensiveSr, kInstance);
  const Bytes once = masked_bytes(report, cleaning());
  EXPECT_EQ(masked_bytes(once, cleaning()), once);
  EXPECT_FALSE(contains(once, "CONTAINS"));
}

TEST(CleanContent, LeavesNoEmptyContentSequence) {
  Report report;
  report.begin("CONTAINS", "CONTAINER")
      .below()
      .leaf("CONTAINS", "TEXT", "DCM", kRemoved)
      .end_below()
      .end();
  const std::string structure = structure_of(masked_alike(cleaning(), report.part10()));
  EXPECT_EQ(structure.find("0040A730"), structure.rfind("0040A730")) << structure;
  EXPECT_NE(structure.find("0040A730"), std::string::npos);
}

TEST(CleanContent, TellsNoMeaningOfLocalCodes) {
  Report report;
  report.leaf("CONTAINS", "TEXT", "99LOCAL")
      .leaf("CONTAINS", "NUM", "OURS")
      .leaf("CONTAINS", "CODE", "")
      .begin("CONTAINS", "CODE", "SCT")
      .code(kConceptCode, "99LOCAL", "4711")
      .below()
      .leaf("HAS PROPERTIES", "NUM", "SCT", "121207")
      .end_below()
      .end()
      .begin("CONTAINS", "CONTAINER", "99LOCAL")
      .code(Tag{0x0040, 0xA170}, "99LOCAL")
      .below()
      .leaf("CONTAINS", "NUM", "LN", "121208")
      .end_below()
      .end();
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_FALSE(contains(masked, "99LOCAL"));
  EXPECT_FALSE(contains(masked, "OURS"));
  EXPECT_FALSE(contains(masked, "4711"));
  EXPECT_TRUE(contains(masked, "121207"));
  EXPECT_TRUE(contains(masked, "121208"));
  EXPECT_TRUE(contains(masked, "261665006"));  // (261665006, SCT, "Unknown")
  EXPECT_FALSE(structure_of(masked).find("0040A170") != std::string::npos);
}

/// Viewers show nothing of an item that has no name.
TEST(CleanContent, CallsWhatStaysBehindALocalCodeByAStandardOne) {
  struct Name {
    std::string_view type;
    std::string_view code;
    std::string_view meaning;
  };
  for (const auto& [type, code, meaning] :
       {Name{"CONTAINER", "121106", "Comment"}, Name{"IMAGE", "121112", "Source of Measurement"},
        Name{"COMPOSITE", "121112", "Source of Measurement"},
        Name{"WAVEFORM", "121112", "Source of Measurement"},
        Name{"SCOORD", "111030", "Image Region"}, Name{"SCOORD3D", "111030", "Image Region"},
        Name{"TCOORD", "121106", "Comment"}}) {
    Report report;
    report.leaf("CONTAINS", type, "99LOCAL", "4711").leaf("CONTAINS", type, "", "4712");
    const Bytes masked = masked_alike(cleaning(), report.part10());
    const std::string text(core::as_text(masked));
    const auto first = text.find(meaning);
    ASSERT_NE(first, std::string::npos) << type;
    EXPECT_NE(text.find(meaning, first + 1), std::string::npos) << type;
    EXPECT_TRUE(contains(masked, code)) << type;
    EXPECT_FALSE(contains(masked, "99LOCAL")) << type;
    EXPECT_FALSE(contains(masked, "471")) << type;
  }
}

TEST(CleanContent, LeavesANameThatTheStandardKnows) {
  Report report;
  report.leaf("CONTAINS", "IMAGE", "SCT", "999001").refer("CONTAINS", {1, 1});
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_TRUE(contains(masked, "999001"));
  EXPECT_FALSE(contains(masked, "Source of Measurement"));
}

/// What refers to another item has no name of its own (PS3.3 §C.17.3.2).
TEST(CleanContent, NamesNoReferenceAnew) {
  Report report;
  report.leaf("CONTAINS", "IMAGE").refer("CONTAINS", {1, 1}, [](Report& item) {
    item.code(kConceptName, "99LOCAL");
  });
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_EQ(references_in(masked), (Positions{{1, 1}}));
  EXPECT_FALSE(contains(masked, "99LOCAL"));
  EXPECT_FALSE(contains(masked, "Comment"));
}

TEST(CleanContent, TellsNoValueThatIsNotOfTheItemsType) {
  for (std::string_view type : {"CONTAINER", "CODE", "NUM", "SCOORD", "SCOORD3D", "TCOORD", "IMAGE",
                                "COMPOSITE", "WAVEFORM"}) {
    Report report;
    report.begin("CONTAINS", type, "DCM", "999001").stray_values().end();
    const Bytes masked = masked_alike(retaining(), report.part10());
    EXPECT_TRUE(contains(masked, "999001")) << type;
    for (std::string_view gone : {"19310203", "19320304", "112233", "Sato", "1.2.3.4.5.6.7"}) {
      EXPECT_FALSE(contains(masked, gone)) << type << ' ' << gone;
    }
    EXPECT_EQ(contains(masked, "4711.5"), type == "NUM") << type;  // PS3.3 Table 10-2
  }
}

TEST(CleanContent, KeepsTheOneValueThatIsOfTheItemsType) {
  Report report;
  report.begin("CONTAINS", "DATE", "DCM", "999001")
      .stray_values()
      .end()
      .begin("CONTAINS", "UIDREF", "DCM", "999002")
      .stray_values()
      .end();
  const Bytes masked = masked_alike(retaining(), report.part10());
  EXPECT_TRUE(contains(masked, "19320304"));
  EXPECT_TRUE(contains(masked, "1.2.3.4.5.6.7"));
  for (std::string_view gone : {"19310203", "112233", "Sato", "4711.5"}) {
    EXPECT_FALSE(contains(masked, gone)) << gone;
  }
}

TEST(CleanContent, TellsNoValueOfAnItemThatRefersToAnother) {
  Report report;
  report.leaf("CONTAINS", "IMAGE")
      .begin("CONTAINS", "NUM")
      .below()
      .refer("INFERRED FROM", {1, 1}, [](Report& item) { item.stray_values(); })
      .end_below()
      .end();
  const Bytes masked = masked_alike(retaining(), report.part10());
  EXPECT_EQ(references_in(masked), (Positions{{1, 1}}));
  for (std::string_view gone :
       {"19310203", "19320304", "112233", "Sato", "1.2.3.4.5.6.7", "4711.5"}) {
    EXPECT_FALSE(contains(masked, gone)) << gone;
  }
}

TEST(CleanContent, TellsAnAgeInOneFormOnly) {
  constexpr Byte kDouble[] = {0, 0, 0, 0, 0, 0x40, 0x58, 0x40};  // 97
  constexpr Byte kNumerator[] = {97, 0, 0, 0};
  constexpr Byte kDenominator[] = {1, 0, 0, 0};
  const auto other_forms = [&](DatasetBuilder& dataset) {
    dataset.bytes(Tag{0x0040, 0xA161}, Vr::FD, kDouble)
        .bytes(Tag{0x0040, 0xA162}, Vr::SL, kNumerator)
        .bytes(Tag{0x0040, 0xA163}, Vr::UL, kDenominator);
  };
  for (std::string_view age : {"47.25", "97"}) {
    Report report;
    report.begin("CONTAINS", "NUM", "DCM", "121033")
        .number(age, "a", other_forms)
        .text(kNumericValue, Vr::DS, "4711.5")
        .end();
    const Bytes masked = masked_alike(retaining(), report.part10());
    const std::string structure = structure_of(masked);
    EXPECT_EQ(contains(masked, "47.25"), age == "47.25");
    EXPECT_NE(structure.find("0040A30A"), std::string::npos) << age;
    EXPECT_FALSE(contains(masked, "4711.5")) << age;
    for (std::string_view gone : {"0040A161", "0040A162", "0040A163"}) {
      EXPECT_EQ(structure.find(gone), std::string::npos) << age << ' ' << gone;
    }
  }
  // Any other number may have them.
  Report report;
  report.begin("CONTAINS", "NUM", "DCM", "999001").number("97", "mm", other_forms).end();
  EXPECT_NE(structure_of(masked_alike(retaining(), report.part10())).find("0040A161"),
            std::string::npos);
}

/// Age, sex and build in the words of other coding schemes.
Bytes report_of_characteristics(std::string_view age) {
  Report report;
  const auto number = [&](std::string_view scheme, std::string_view code, std::string_view value,
                          std::string_view unit) {
    report.begin("HAS OBS CONTEXT", "NUM", scheme, code).number(value, unit).end();
  };
  for (std::string_view code : {"30525-0", "21612-7", "29553-5"}) number("LN", code, age, "a");
  for (std::string_view code : {"397669002", "424144002"}) number("SCT", code, age, "a");
  for (std::string_view code : {"29463-7", "3141-9", "3142-7"}) number("LN", code, "71.625", "kg");
  number("SCT", "27113001", "71.625", "kg");
  for (std::string_view code : {"8302-2", "3137-7", "3138-5"}) number("LN", code, "171.875", "cm");
  for (std::string_view code : {"50373000", "1153637007"}) number("SCT", code, "171.875", "cm");
  number("LN", "39156-5", "24.125", "kg/m2");
  number("SCT", "60621009", "24.125", "kg/m2");
  number("SRT", "F-01860", "24.125", "kg/m2");
  number("LN", "8277-6", "1.8375", "m2");
  number("SCT", "301898006", "1.8375", "m2");
  const auto sex = [&](std::string_view scheme, std::string_view code) {
    report.begin("HAS OBS CONTEXT", "CODE", scheme, code).code(kConceptCode, "DCM", "F").end();
  };
  sex("LN", "46098-0");
  sex("SCT", "263495000");
  sex("SCT", "184100006");
  number("LN", "11727-5", "512.25", "g");  // of a fetus: a measurement
  return report.part10();
}

TEST(CleanContent, TellsNoAgeSexOrBuildUnderCodesOfLoincAndSnomed) {
  const Bytes masked = masked_alike(cleaning(), report_of_characteristics("47.25"));
  for (std::string_view gone : {"47.25", "71.625", "171.875", "24.125", "1.8375", "46098-0",
                                "263495000", "184100006", "30525-0", "27113001"}) {
    EXPECT_FALSE(contains(masked, gone)) << gone;
  }
  EXPECT_TRUE(contains(masked, "512.25"));
}

TEST(CleanContent, RetainsAgeSexAndBuildWithTheOptionForThem) {
  const Bytes masked = masked_alike(retaining(), report_of_characteristics("47.25"));
  for (std::string_view kept : {"47.25", "71.625", "171.875", "24.125", "1.8375", "46098-0",
                                "263495000", "184100006", "30525-0", "27113001"}) {
    EXPECT_TRUE(contains(masked, kept)) << kept;
  }
  const Bytes old = masked_alike(retaining(), report_of_characteristics("97.25"));
  EXPECT_FALSE(contains(old, "97.25"));
  EXPECT_TRUE(contains(old, "30525-0"));
  EXPECT_TRUE(contains(old, "424144002"));
}

TEST(CleanContent, TellsNoDateOfBirthThoughDatesStay) {
  Report report;
  for (const auto& [scheme, code] : {std::pair("LN", "21112-8"), std::pair("SCT", "184099003")}) {
    report.begin("HAS OBS CONTEXT", "DATE", scheme, code)
        .text(Tag{0x0040, 0xA121}, Vr::DA, "19320304")
        .end();
  }
  report.begin("CONTAINS", "DATE", "DCM", "999001")
      .text(Tag{0x0040, 0xA121}, Vr::DA, "20240117")
      .end();
  const Bytes masked = masked_alike(retaining(), report.part10());
  EXPECT_FALSE(contains(masked, "19320304"));
  EXPECT_TRUE(contains(masked, "20240117"));
}

// ---- rules of one's own

/// CleanStructuredContent with the dates and UIDs, and rules.
Profile custom(std::string_view rules) {
  const auto read = ProfileCatalogue::read(
      R"({"mine": {"Base": {"Name": "ps3.15-basic", "Options": ["CleanStructuredContent",
          "RetainUids", "RetainFullDates"]}, "Rules": )" +
      std::string(rules) + "}}");
  if (const auto* problems = std::get_if<std::vector<std::string>>(&read)) {
    for (const std::string& problem : *problems) ADD_FAILURE() << problem;
    return retaining();
  }
  return std::get<Profile>(std::get<ProfileCatalogue>(read).resolve(R"("mine")"));
}

/// An item of each type that has a value, of a concept in no table, and a comment.
Bytes report_of_values() {
  Report report;
  const auto item = [&](std::string_view type, std::string_view code, Tag tag, Vr vr,
                        std::string_view value) {
    report.begin("CONTAINS", type, "DCM", code).text(tag, vr, value).end();
  };
  item("TEXT", "999001", Tag{0x0040, 0xA160}, Vr::UT, "a note about Sato");
  item("PNAME", "999002", Tag{0x0040, 0xA123}, Vr::PN, "Sato^Hanako");
  item("DATE", "999003", Tag{0x0040, 0xA121}, Vr::DA, "19320304");
  item("TIME", "999004", Tag{0x0040, 0xA122}, Vr::TM, "112233");
  item("DATETIME", "999005", Tag{0x0040, 0xA120}, Vr::DT, "19310203040506");
  item("UIDREF", "999006", Tag{0x0040, 0xA124}, Vr::UI, "1.2.3.4.5.6.7");
  report.begin("CONTAINS", "CODE", "DCM", "999007").code(kConceptCode, "99LOCAL", "4711").end();
  report.begin("CONTAINS", "NUM", "DCM", "999008").number("47.25", "mm").end();
  item("TEXT", kRemoved, Tag{0x0040, 0xA160}, Vr::UT, "a comment about Sato");
  return report.part10();
}

TEST(CleanContent, FollowsTheRulesOfACustomProfile) {
  const Bytes masked = masked_alike(custom(R"([
      {"Element": "TextValue", "Action": "Replace", "Text": "see the chart"},
      {"Element": "PersonName", "Action": "Empty"},
      {"Element": "Date", "Action": "Empty"},
      {"Element": "Time", "Action": "Replace", "Text": "120000"},
      {"Element": "DateTime", "Action": "Remove"},
      {"Element": "UID", "Action": "Remove"},
      {"Element": "ConceptCodeSequence", "Action": "Empty"},
      {"Element": "MeasuredValueSequence", "Action": "Remove"}])"),
                                    report_of_values());
  for (std::string_view gone :
       {"Sato", "19320304", "112233", "19310203", "1.2.3.4.5.6.7", "4711", "261665006", "47.25"}) {
    EXPECT_FALSE(contains(masked, gone)) << gone;
  }
  for (std::string_view item : {"999001", "999002", "999003", "999004", "999007"}) {
    EXPECT_TRUE(contains(masked, item)) << item;
  }
  for (std::string_view item : {"999005", "999006", "999008", "121106"}) {
    EXPECT_FALSE(contains(masked, item)) << item;
  }
  EXPECT_TRUE(contains(masked, "see the chart"));
  EXPECT_TRUE(contains(masked, "120000"));
}

TEST(CleanContent, BringsNothingBackThatGoesByItsConcept) {
  const Profile profile = custom(R"([{"Element": "TextValue", "Action": "Keep"},
                                     {"Element": "UID", "Action": "Pseudonymise"},
                                     {"Element": "ConceptCodeSequence", "Action": "Keep"}])");
  EXPECT_FALSE(profile.statement().identity_removed);
  const auto stored = Profile::from_json(profile.to_json());
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, profile);
  const Bytes masked = masked_alike(profile, report_of_values());
  EXPECT_TRUE(contains(masked, "a note about Sato"));
  EXPECT_FALSE(contains(masked, "a comment about Sato"));
  EXPECT_FALSE(contains(masked, "1.2.3.4.5.6.7"));
  EXPECT_FALSE(contains(masked, "4711"));
  EXPECT_TRUE(contains(masked, "999006"));
}

TEST(CleanContent, GivesALocalTitleUp) {
  Report report(core::dicom::kExplicitVrLittleEndian, "99LOCAL");
  report.leaf("CONTAINS", "IMAGE");
  const Bytes masked = masked_alike(cleaning(), report.part10());
  EXPECT_FALSE(contains(masked, "99LOCAL"));
  EXPECT_EQ(value_in(masked, kConceptName), "sequence");
}

}  // namespace
}  // namespace sekisho::anonymization::tests
