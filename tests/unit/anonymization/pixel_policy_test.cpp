// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/pixel_policy.h"

#include <gmock/gmock.h>

#include <set>

#include "anonymization/pixels/content_class.h"
#include "mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

using enum WithholdReason;
using testing::ElementsAre;
using testing::HasSubstr;

/// An original CT slice; tests change what they are about.
PixelFacts a_ct() {
  PixelFacts facts;
  facts.sop_class = facts.meta_sop_class = kCtImageStorage;
  facts.image_type = R"(ORIGINAL\PRIMARY\AXIAL)";
  facts.modality = "CT";
  facts.manufacturer = "ACME";
  facts.model = "Scan 9";
  facts.software = "1.0";
  facts.transfer_syntax = core::dicom::kExplicitVrLittleEndian;
  facts.rows = 512;
  facts.columns = 512;
  return facts;
}

PixelFacts an_ultrasound() {
  PixelFacts facts = a_ct();
  facts.sop_class = facts.meta_sop_class = "1.2.840.10008.5.1.4.1.1.6.1";
  facts.modality = "US";
  facts.rows = 600;
  facts.columns = 800;
  return facts;
}

PixelFacts of_class(std::string_view sop_class) {
  PixelFacts facts = a_ct();
  facts.sop_class = facts.meta_sop_class = sop_class;
  return facts;
}

PixelPolicy policy_of(std::string_view json) {
  auto parsed = parse_pixel_policy(json);
  if (const auto* problems = std::get_if<std::vector<std::string>>(&parsed)) {
    ADD_FAILURE() << problems->front();
    return {};
  }
  return std::get<PixelPolicy>(std::move(parsed));
}

std::vector<std::string> problems_of(std::string_view json) {
  auto parsed = parse_pixel_policy(json);
  if (auto* problems = std::get_if<std::vector<std::string>>(&parsed)) return std::move(*problems);
  return {};
}

const PixelContext kApproved{Approval::by_staff, StructuredContent::as_stored};
const PixelContext kCleansReports{Approval::none, StructuredContent::cleaned};

PixelDecision by_default(const PixelFacts& facts, const PixelContext& context = {}) {
  return decide(facts, PixelPolicy{}, context);
}

TEST(PixelPolicy, OriginalSlicesAreReleased) {
  EXPECT_EQ(by_default(a_ct()), PixelDecision(Release{}));
}

TEST(PixelPolicy, AnImageThatSaysItHasNoTextIsReleased) {
  PixelFacts facts = a_ct();
  facts.burned_in = "NO";
  facts.recognizable = "NO";
  EXPECT_EQ(by_default(facts), PixelDecision(Release{}));
}

TEST(PixelPolicy, BurnedInTextIsWithheldWhateverWordSaysSo) {
  PixelFacts facts = a_ct();
  for (const std::string_view word : {"YES", "yes", "UNKNOWN", "no"}) {
    facts.burned_in = word;
    EXPECT_EQ(by_default(facts), PixelDecision(burned_in_annotation)) << word;
  }
  EXPECT_EQ(by_default(facts, kApproved), PixelDecision(Release{}));
}

TEST(PixelPolicy, ARecognizablePatientIsWithheldEvenWhereARuleMatches) {
  PixelFacts facts = a_ct();
  facts.recognizable = "YES";
  EXPECT_EQ(by_default(facts), PixelDecision(recognizable_features));
  const auto policy =
      policy_of(R"({"Rules": [{"Modality": "CT", "Manufacturer": "ACME", "Action": "Release"}]})");
  EXPECT_EQ(decide(facts, policy, {}), PixelDecision(recognizable_features));
  EXPECT_EQ(decide(facts, policy, kApproved), PixelDecision(Release{}));
}

TEST(PixelPolicy, OverlaysInsideThePixelsAreWithheld) {
  PixelFacts facts = a_ct();
  facts.overlay_in_pixels = true;
  EXPECT_EQ(by_default(facts), PixelDecision(overlay_in_pixels));
}

TEST(PixelPolicy, WhatIsNoOriginalIsWithheld) {
  const std::pair<std::string_view, WithholdReason> cases[] = {
      {R"(DERIVED\SECONDARY\MPR)", derived_secondary},
      {R"(ORIGINAL\SECONDARY)", derived_secondary},
      {R"(ORIGINAL\PRIMARY\SCREEN SAVE)", screen_capture},
      {R"(ORIGINAL\PRIMARY\DOSE_INFO)", screen_capture},
      {"ORIGINAL", image_type_unknown},
      {"", image_type_unknown},
      {R"(ORIGINAL\primary)", image_type_unknown},
  };
  for (const auto& [image_type, reason] : cases) {
    PixelFacts facts = a_ct();
    facts.image_type = image_type;
    EXPECT_EQ(by_default(facts), PixelDecision(reason)) << image_type;
    EXPECT_EQ(by_default(facts, kApproved), PixelDecision(Release{})) << image_type;
  }
}

TEST(PixelPolicy, ProcessedRadiographsAreReleased) {
  PixelFacts facts = of_class("1.2.840.10008.5.1.4.1.1.1.2");
  facts.modality = "MG";
  facts.image_type = R"(DERIVED\PRIMARY)";
  EXPECT_EQ(by_default(facts), PixelDecision(Release{}));
}

TEST(PixelPolicy, AModalityThatDoesNotFitIsWithheld) {
  for (const std::string_view modality : {"", "OT", "SC", "US", "XA", "ct"}) {
    PixelFacts facts = a_ct();
    facts.modality = modality;
    EXPECT_EQ(by_default(facts), PixelDecision(modality_unknown)) << modality;
  }
}

TEST(PixelPolicy, DigitizedFilmIsWithheld) {
  PixelFacts facts = a_ct();
  facts.conversion_type = "DF";
  EXPECT_EQ(by_default(facts), PixelDecision(secondary_capture));
}

TEST(PixelPolicy, WhatNamesACapturingDeviceIsWithheld) {
  constexpr std::uint16_t kElements[] = {0x1010, 0x1011, 0x1012, 0x1014, 0x1016, 0x1017,
                                         0x1018, 0x1019, 0x101A, 0x101B, 0x1022, 0x1023};
  for (const std::uint16_t element : kElements) {
    DatasetBuilder builder;
    builder.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.2")
        .text(Tag{0x0018, element}, Vr::LO, "VITAL")
        .text(Tag{0x0018, 0x1024}, Vr::LO, "");
    const auto file = checked(builder.part10("1.2.840.10008.5.1.4.1.1.2", "1.2.3"));
    PixelFacts facts = a_ct();
    facts.was_captured = read_pixel_facts(file).was_captured;
    EXPECT_EQ(by_default(facts), PixelDecision(secondary_capture)) << element;
  }
}

TEST(PixelPolicy, KindsOfObjectAreJudgedByTheirClass) {
  const std::pair<std::string_view, PixelDecision> cases[] = {
      {"1.2.840.10008.5.1.4.1.1.6.1", prone_to_burned_in_text},
      {"1.2.840.10008.5.1.4.1.1.12.1", prone_to_burned_in_text},
      {"1.2.840.10008.5.1.4.1.1.77.1.1", prone_to_burned_in_text},
      {"1.2.840.10008.5.1.4.1.1.7", secondary_capture},
      {"1.2.840.10008.5.1.4.1.1.104.1", encapsulated_document},
      {"1.2.840.10008.5.1.4.1.1.88.33", structured_report},
      {"1.2.840.10008.5.1.4.1.1.88.59", structured_report},
      {"1.2.840.10008.5.1.4.1.1.9.1.1", waveform},
      {"1.2.840.10008.5.1.4.1.1.9.4.1", audio},
      {"1.2.840.10008.5.1.4.1.1.77.1.1.1", video},
      {"1.2.840.10008.5.1.4.1.1.66", unknown_sop_class},
      {"1.3.12.2.1107.5.9.1", unknown_sop_class},
      {"", unknown_sop_class},
      {"1.2.840.10008.5.1.4.1.1.481.3", Release{}},
      {"1.2.840.10008.5.1.4.1.1.66.4", Release{}},
  };
  for (const auto& [sop_class, decision] : cases) {
    EXPECT_EQ(by_default(of_class(sop_class)), decision) << sop_class;
  }
}

TEST(PixelPolicy, NoApprovalReleasesWhatCannotBeJudged) {
  for (const std::string_view sop_class :
       {"1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.88.33", "1.3.12.2.1107.5.9.1",
        "1.2.840.10008.5.1.4.1.1.9.4.1", "1.2.840.10008.5.1.4.1.1.77.1.1.1"}) {
    const auto decision = by_default(of_class(sop_class), kApproved);
    ASSERT_TRUE(std::holds_alternative<WithholdReason>(decision)) << sop_class;
    EXPECT_EQ(remedy(std::get<WithholdReason>(decision)), Remedy::none) << sop_class;
  }
}

TEST(PixelPolicy, ReportsLeaveWhereTheProfileCleansThem) {
  EXPECT_EQ(by_default(of_class("1.2.840.10008.5.1.4.1.1.88.33"), kCleansReports),
            PixelDecision(Release{}));
}

TEST(PixelPolicy, AFileWithTwoClassesIsWithheld) {
  PixelFacts facts = a_ct();
  facts.meta_sop_class = "1.2.840.10008.5.1.4.1.1.7";
  EXPECT_EQ(by_default(facts, kApproved), PixelDecision(sop_class_unclear));
}

TEST(PixelPolicy, VideoIsKnownByItsTransferSyntax) {
  PixelFacts facts = an_ultrasound();
  for (const std::string_view syntax :
       {"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.108", "1.2.840.10008.1.2.7.1"}) {
    facts.transfer_syntax = syntax;
    EXPECT_EQ(by_default(facts, kApproved), PixelDecision(video)) << syntax;
  }
}

constexpr std::string_view kBannerRule = R"({"Rules": [
  {"Name": "cart", "Modality": "US", "Manufacturer": "acme", "ManufacturerModelName": "scan 9",
   "SoftwareVersions": "1.0", "Rows": 600, "Columns": 800, "Action": "Blackout",
   "Rectangles": [{"X": 0, "Y": 0, "Width": 800, "Height": 60}]}]})";

TEST(PixelPolicy, AMatchingRuleBlacksOut) {
  PixelFacts facts = an_ultrasound();
  facts.burned_in = "YES";
  EXPECT_EQ(decide(facts, policy_of(kBannerRule), {}), PixelDecision(Blackout{{{0, 0, 800, 60}}}));
}

TEST(PixelPolicy, AnApprovalDoesNotUndoARule) {
  EXPECT_EQ(decide(an_ultrasound(), policy_of(kBannerRule), kApproved),
            PixelDecision(Blackout{{{0, 0, 800, 60}}}));
}

TEST(PixelPolicy, ARuleThatDiffersInOnePartDoesNotMatch) {
  const PixelPolicy policy = policy_of(kBannerRule);
  const PixelDecision withheld = prone_to_burned_in_text;
  PixelFacts facts = an_ultrasound();
  facts.rows = 601;
  EXPECT_EQ(decide(facts, policy, {}), withheld);
  facts = an_ultrasound();
  facts.columns = 0;
  EXPECT_EQ(decide(facts, policy, {}), withheld);
  facts = an_ultrasound();
  facts.manufacturer = "ACME Ltd";
  EXPECT_EQ(decide(facts, policy, {}), withheld);
  facts = an_ultrasound();
  facts.software = "";
  EXPECT_EQ(decide(facts, policy, {}), withheld);
}

TEST(PixelPolicy, TheFirstRuleThatMatchesCounts) {
  const auto policy = policy_of(R"({"Rules": [
    {"Modality": "CT", "Rows": 512, "Action": "Withhold"},
    {"Modality": "CT", "Manufacturer": "ACME", "Action": "Release"}]})");
  EXPECT_EQ(decide(a_ct(), policy, kApproved), PixelDecision(withheld_by_rule));
}

TEST(PixelPolicy, OnlyTheUltrasoundRegionsAreKept) {
  const auto policy =
      policy_of(R"({"Rules": [{"Modality": "US", "Action": "KeepUltrasoundRegions"}]})");
  PixelFacts facts = an_ultrasound();
  facts.us_regions = {{100, 50, 600, 500}};
  EXPECT_EQ(decide(facts, policy, {}),
            PixelDecision(Blackout{
                {{0, 0, 800, 50}, {0, 50, 100, 500}, {700, 50, 100, 500}, {0, 550, 800, 50}}}));
  facts.us_regions = {};
  EXPECT_EQ(decide(facts, policy, {}), PixelDecision(no_ultrasound_regions));
  facts.us_regions = {{0, 0, 800, 600}};  // nothing is left to black out
  EXPECT_EQ(decide(facts, policy, {}), PixelDecision(no_ultrasound_regions));
  EXPECT_EQ(decide(facts, policy, kApproved), PixelDecision(Release{}));
}

TEST(PixelPolicy, EveryProblemOfTheConfigurationIsNamed) {
  EXPECT_THAT(problems_of(R"({"Rule": []})"), ElementsAre(HasSubstr("PixelPolicy.Rule is not")));
  EXPECT_THAT(problems_of("[]"), ElementsAre(HasSubstr("JSON object")));
  EXPECT_THAT(problems_of(R"({"Rules": {}})"), ElementsAre(HasSubstr("must be a list")));
  EXPECT_THAT(problems_of(R"({"Rules": [7, {"Modality": "US", "Action": "Erase", "Colour": 1}]})"),
              ElementsAre(HasSubstr("Rules[0] must be an object"), HasSubstr("Rules[1].Action"),
                          HasSubstr("Rules[1].Colour")));
  EXPECT_THAT(problems_of(R"({"Rules": [{"Action": "Withhold"}]})"),
              ElementsAre(HasSubstr("Rules[0].Modality is missing")));
  EXPECT_THAT(problems_of(R"({"Rules": [{"Modality": "US", "Action": "Release"}]})"),
              ElementsAre(HasSubstr("Manufacturer")));
}

TEST(PixelPolicy, RectanglesMustFitTheImageTheyAreFor) {
  const auto problems = [](const std::string& sizes, const std::string& rectangle) {
    return problems_of(R"({"Rules": [{"Modality": "US", )" + sizes +
                       R"("Action": "Blackout", "Rectangles": [)" + rectangle + "]}]}");
  };
  const std::string size = R"("Rows": 600, "Columns": 800, )";
  const std::string good = R"({"X": 0, "Y": 0, "Width": 800, "Height": 600})";
  EXPECT_TRUE(problems(size, good).empty());
  EXPECT_THAT(problems("", good), ElementsAre(HasSubstr("must have \"Rows\"")));
  EXPECT_THAT(problems(size, ""), ElementsAre(HasSubstr("1 to 64 rectangles")));
  EXPECT_THAT(problems(size, R"({"X": 1, "Y": 0, "Width": 800, "Height": 1})"),
              ElementsAre(HasSubstr("beyond the image")));
  EXPECT_THAT(
      problems(size, R"({"X": -1, "Y": 0, "Width": 0, "Height": 1.5})"),
      ElementsAre(HasSubstr(".X must"), HasSubstr(".Width must"), HasSubstr(".Height must")));
  EXPECT_THAT(problems(size, R"({"X": 0, "Y": 0, "Width": 1})"),
              ElementsAre(HasSubstr(".Height is missing")));
}

TEST(WithholdReasons, AllHaveAWordAndTwoLanguages) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(uid_unusable); ++i) {
    const auto reason = static_cast<WithholdReason>(i);
    words.insert(name(reason));
    EXPECT_TRUE(text_en(reason).ends_with("."));
    EXPECT_TRUE(text_ja(reason).ends_with("。"));
  }
  EXPECT_EQ(words.size(), static_cast<std::size_t>(uid_unusable) + 1);
}

/// Every pixel of a small image, as the sets say it.
TEST(Rectangles, TheRestCoversExactlyWhatIsNotKept) {
  const std::vector<std::vector<Rectangle>> cases = {
      {},
      {{0, 0, 1, 1}},
      {{2, 1, 3, 4}, {4, 3, 9, 2}},
      {{0, 0, 9, 7}},
      {{8, 6, 100, 100}, {20, 20, 3, 3}},
      {{1, 1, 1, 5}, {3, 1, 1, 5}, {1, 3, 3, 1}},
      {{0, 0, UINT32_MAX, 1}, {0, 0, 1, UINT32_MAX}},
  };
  const auto covers = [](const Rectangle& each, std::uint64_t x, std::uint64_t y) {
    return x >= each.x && x < std::uint64_t{each.x} + each.width && y >= each.y &&
           y < std::uint64_t{each.y} + each.height;
  };
  for (const auto& kept : cases) {
    const auto rest = all_but(kept, 9, 7);
    for (std::uint64_t y = 0; y < 7; ++y) {
      for (std::uint64_t x = 0; x < 9; ++x) {
        const auto here = [&](const Rectangle& each) { return covers(each, x, y); };
        const bool is_kept = std::ranges::any_of(kept, here);
        EXPECT_EQ(std::ranges::count_if(rest, here), is_kept ? 0 : 1) << x << ',' << y;
      }
    }
  }
}

constexpr Tag kRegions{0x0018, 0x6011};

Bytes four_bytes(std::uint32_t number) {
  return {static_cast<Byte>(number & 0xFF), static_cast<Byte>(number >> 8), 0, 0};
}

TEST(PixelFacts, AreReadFromTheTopLevelOfTheHeader) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0008, 0x0064}, Vr::CS, "WSD")
      .text(Tag{0x0008, 0x0070}, Vr::LO, "ACME")
      .text(Tag{0x0008, 0x1090}, Vr::LO, "Scan 9")
      .text(Tag{0x0018, 0x1020}, Vr::LO, "1.0")
      .begin_sequence(kRegions)
      .begin_item()
      .bytes(Tag{0x0018, 0x6018}, Vr::UL, four_bytes(10))
      .bytes(Tag{0x0018, 0x601A}, Vr::UL, four_bytes(20))
      .bytes(Tag{0x0018, 0x601C}, Vr::UL, four_bytes(10))
      .bytes(Tag{0x0018, 0x601E}, Vr::UL, four_bytes(29))
      .end_item()
      .begin_item()
      .bytes(Tag{0x0018, 0x6018}, Vr::UL, four_bytes(10))
      .end_item()
      .end_sequence()
      .us(Tag{0x0028, 0x0010}, 600)
      .us(Tag{0x0028, 0x0011}, 800)
      .text(Tag{0x0028, 0x0301}, Vr::CS, "YES")
      .text(Tag{0x0028, 0x0302}, Vr::CS, "NO")
      .us(Tag{0x6002, 0x0102}, 12);
  const CheckedFile file = checked(builder.part10(kCtImageStorage, kInstance));
  const PixelFacts facts = read_pixel_facts(file);
  EXPECT_EQ(facts.image_type, R"(ORIGINAL\PRIMARY)");
  EXPECT_EQ(facts.sop_class, kCtImageStorage);
  EXPECT_EQ(facts.meta_sop_class, kCtImageStorage);
  EXPECT_EQ(facts.modality, "CT");
  EXPECT_EQ(facts.conversion_type, "WSD");
  EXPECT_EQ(facts.manufacturer, "ACME");
  EXPECT_EQ(facts.model, "Scan 9");
  EXPECT_EQ(facts.software, "1.0");
  EXPECT_EQ(facts.rows, 600U);
  EXPECT_EQ(facts.columns, 800U);
  EXPECT_EQ(facts.burned_in, "YES");
  EXPECT_EQ(facts.recognizable, "NO");
  EXPECT_TRUE(facts.overlay_in_pixels);
  EXPECT_THAT(facts.us_regions, ElementsAre(Rectangle{10, 20, 1, 10}));
}

TEST(PixelFacts, ValuesInsideSequencesDecideNothing) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0028, 0x0301}, Vr::CS, "NO")
      .bytes(Tag{0x0018, 0x6018}, Vr::UL, four_bytes(10))
      .end_item()
      .end_sequence();
  const CheckedFile file = checked(builder.part10(kCtImageStorage, kInstance));
  const PixelFacts facts = read_pixel_facts(file);
  EXPECT_EQ(facts.modality, "");
  EXPECT_EQ(facts.burned_in, "");
  EXPECT_TRUE(facts.us_regions.empty());
}

}  // namespace
}  // namespace sekisho::anonymization::tests
