// SPDX-License-Identifier: GPL-3.0-or-later
// Codes that people type into: what is on no list does not leave.
#include "anonymization/masking/listed_codes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "anonymization/code_terms.h"
#include "anonymization/masking/code_item.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"
#include "support/sample_files.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr Tag kImageType{0x0008, 0x0008};
constexpr Tag kFrameType{0x0008, 0x9007};
constexpr Tag kModality{0x0008, 0x0060};
constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kScheme{0x0008, 0x0102};
constexpr Tag kMeaning{0x0008, 0x0104};
constexpr Tag kLongCodeValue{0x0008, 0x0119};
constexpr Tag kReferencedImages{0x0008, 0x1140};
constexpr Tag kAnatomicRegion{0x0008, 0x2218};
constexpr Tag kBodyPart{0x0018, 0x0015};
constexpr Tag kScanOptions{0x0018, 0x0022};
constexpr Tag kViewPosition{0x0018, 0x5101};
constexpr Tag kPatientOrientation{0x0020, 0x0020};
constexpr Tag kTemplateIdentifier{0x0040, 0xDB00};

std::string without_unlisted(Tag tag, std::string_view value) {
  return without_unlisted_codes(tag, core::as_bytes(value)).value_or(std::string(value));
}

DatasetBuilder a_header(std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
  DatasetBuilder dataset(syntax);
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  return dataset;
}

TEST(ListedCodes, AreWhatTheStandardDefinesAndModalitiesWrite) {
  for (std::string_view value : {"CHEST", "LSPINE", "chest ", "HEAD/NECK", "WHOLE BODY", ""}) {
    EXPECT_TRUE(is_listed_code(kBodyPart, 0, value)) << value;
  }
  for (std::string_view value : {"FAST_GEMS", "HELICAL MODE", "FS", "SAT2", "PFF"}) {
    EXPECT_TRUE(is_listed_code(kScanOptions, 0, value)) << value;
  }
  for (std::string_view value : {"AXIAL", "LOCALIZER", "M", "FFE", "MPR", "NORM", "DIS2D", "M_FFE",
                                 "CSA MPR", "TE2", "ECHO_12", "FAT_FRACTION", "T1 MAP", "ND"}) {
    EXPECT_TRUE(is_listed_code(kImageType, 2, value)) << value;
    EXPECT_TRUE(is_listed_code(kImageType, 5, value)) << value;
    EXPECT_TRUE(is_listed_code(kFrameType, 3, value)) << value;
  }
  for (std::string_view value : {"A", "LP", "HAR", "FPL", "F"}) {
    EXPECT_TRUE(is_listed_code(kPatientOrientation, 1, value)) << value;
  }
  EXPECT_TRUE(is_listed_code(kTemplateIdentifier, 0, "1500"));
}

TEST(ListedCodes, AreNoNamesNumbersOrDates) {
  for (std::string_view value :
       {"YAMADA TARO", "Yamada", "TARO_YAMADA", "SMITH-JONES", "DR. WHO", "19850312", "1985-03-12",
        "090-1234-5678", "ROOM 12 BED 3", "PAT4711", "CHEST YAMADA", "YAMADA_CT", "555-12"}) {
    for (Tag tag : {kImageType, kFrameType, kModality, kBodyPart, kScanOptions, kViewPosition,
                    kPatientOrientation, kTemplateIdentifier}) {
      EXPECT_FALSE(is_listed_code(tag, 2, value)) << tag.hex() << ' ' << value;
    }
  }
  EXPECT_FALSE(is_listed_code(kTemplateIdentifier, 0, "198503"));
  EXPECT_FALSE(is_listed_code(kImageType, 2, "TE1985"));
  EXPECT_FALSE(is_listed_code(kImageType, 2, "*"));
  EXPECT_FALSE(is_listed_code(kImageType, 2, "TE#"));
}

TEST(ListedCodes, HaveTheirPlace) {
  EXPECT_TRUE(is_listed_code(kImageType, 0, "DERIVED"));
  EXPECT_FALSE(is_listed_code(kImageType, 0, "AXIAL"));
  EXPECT_TRUE(is_listed_code(kImageType, 1, "SECONDARY"));
  EXPECT_FALSE(is_listed_code(kImageType, 1, "DERIVED"));
  EXPECT_FALSE(is_listed_code(kModality, 0, "CHEST"));
  EXPECT_FALSE(is_listed_code(kBodyPart, 0, "HELICAL"));
  EXPECT_FALSE(is_listed_code(Tag{0x0020, 0x0060}, 0, "CHEST"));
}

TEST(ListedCodes, OfSeveralValuesOnlyTheOthersStay) {
  EXPECT_EQ(without_unlisted(kImageType, "ORIGINAL\\PRIMARY\\YAMADA TARO\\NORM "),
            "ORIGINAL\\PRIMARY\\\\NORM ");
  EXPECT_EQ(without_unlisted(kImageType, "YAMADA\\PRIMARY"), "\\PRIMARY");
  EXPECT_EQ(without_unlisted(kBodyPart, "YAMADA"), "");
  EXPECT_EQ(without_unlisted(kScanOptions, "TARO\\YAMADA"), "");
  EXPECT_EQ(without_unlisted(kImageType, "DERIVED\\SECONDARY"), "DERIVED\\SECONDARY");
}

TEST(ListedCodes, LetNothingThatIsTypedIntoAnyCodeLeave) {
  for (std::string_view request : {R"("ps3.15-basic")", R"("minimum-disclosure")"}) {
    const Profile profile = profile_of(request);
    for (const auto syntax :
         {core::dicom::kExplicitVrLittleEndian, core::dicom::kImplicitVrLittleEndian}) {
      DatasetBuilder dataset(syntax);
      int planted = 0;
      for (const auto& entry : core::dicom::dictionary()) {
        if (core::dicom::find(entry.tag) != &entry || entry.tag < Tag{0x0008, 0x0000}) continue;
        if (entry.tag >= Tag{0x7FE0, 0x0000}) break;
        if (entry.tag == Tag{0x0008, 0x0016}) {
          dataset.text(entry.tag, Vr::UI, kCtImageStorage);
        } else if (entry.tag == Tag{0x0008, 0x0018}) {
          dataset.text(entry.tag, Vr::UI, kInstance);
        } else if (entry.vr == Vr::CS && profile.action_for(entry.tag) != Action::keep) {
          dataset.text(entry.tag, Vr::CS, "CANARY TARO ");
          ++planted;
        }
      }
      const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance), profile);
      EXPECT_FALSE(contains(masked, "CANARY"));
      EXPECT_EQ(masked_bytes(masked, profile), masked);
      EXPECT_GT(planted, 600);  // minimum-disclosure is asked for the patient's sex
    }
  }
}

TEST(ListedCodes, StayUnderOptionsToo) {
  const Profile profile =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainPatientCharacteristics"]})");
  DatasetBuilder dataset = a_header();
  dataset.text(Tag{0x0010, 0x0040}, Vr::CS, "F ").text(Tag{0x0010, 0x21A0}, Vr::CS, "CANARY");
  const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance), profile);
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0040}), "F");
  EXPECT_FALSE(contains(masked, "CANARY"));
}

/// Codes of sample files that are no terms: words with a letter beyond ASCII, and numbers.
bool is_known_stranger(std::string_view value) {
  const auto is_beyond_ascii = [](char c) { return static_cast<Byte>(c) >= 0x80; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::ranges::any_of(value, is_beyond_ascii) ||
         std::ranges::all_of(core::dicom::without_padding(value), is_digit);
}

TEST(ListedCodes, CoverWhatTheFilesAtHandHold) {
  int listed = 0;
  for (const auto& path : sekisho::tests::sample_files()) {
    auto file = CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    const auto* checked_file = std::get_if<CheckedFile>(&file);
    if (!checked_file) continue;
    core::dicom::Replay walk = checked_file->replay_header();
    for (auto token = walk.next(); token.kind != core::dicom::Token::Kind::end;
         token = walk.next()) {
      if (token.kind != core::dicom::Token::Kind::element || token.tag.is_private()) continue;
      if (basic().action_for(token.tag) != Action::keep_listed) continue;
      const auto rest = without_unlisted_codes(token.tag, token.value);
      listed += rest ? 0 : 1;
      const std::string_view value = core::as_text(token.value);
      const auto third = value.rfind('\\') == value.npos ? 0 : value.rfind('\\') + 1;
      EXPECT_TRUE(!rest || is_known_stranger(value.substr(third)))
          << path << ' ' << token.tag.hex() << ' ' << value;
    }
  }
  if (sekisho::tests::sample_files().empty()) GTEST_SKIP() << "python3-pydicom is not installed";
  EXPECT_GT(listed, 500);
}

// ---- codes in sequences

Bytes with_code(Tag sequence, std::string_view scheme, std::string_view code,
                std::string_view meaning) {
  DatasetBuilder dataset = a_header();
  dataset.begin_sequence(sequence).begin_item();
  if (!code.empty()) dataset.text(kCodeValue, Vr::SH, code);
  if (!scheme.empty()) dataset.text(kScheme, Vr::SH, scheme);
  if (!meaning.empty()) dataset.text(kMeaning, Vr::LO, meaning);
  dataset.end_item().end_sequence();
  return masked_bytes(dataset.part10(kCtImageStorage, kInstance));
}

TEST(Codes, OfListedSchemesStay) {
  const Bytes masked = with_code(kAnatomicRegion, "SCT ", "39607008", "Lung");
  EXPECT_TRUE(contains(masked, "39607008"));
  EXPECT_TRUE(contains(masked, "Lung"));
}

TEST(Codes, OfAnyOtherSchemeBecomeUnknown) {
  for (std::string_view scheme : {"99YAMADA", "YAMADA", "99SDMX", "L"}) {
    const Bytes masked = with_code(kAnatomicRegion, scheme, "4711", "Yamada Taro ");
    EXPECT_FALSE(contains(masked, "4711")) << scheme;
    EXPECT_FALSE(contains(masked, "Yamada")) << scheme;
    EXPECT_TRUE(contains(masked, "261665006")) << scheme;
    EXPECT_EQ(masked_bytes(masked), masked);
  }
  EXPECT_TRUE(contains(with_code(kAnatomicRegion, "", "4711", "Yamada"), "261665006"));
}

TEST(Codes, OfListedSchemesThatAreNamesBecomeUnknown) {
  const Bytes masked = with_code(kAnatomicRegion, "SCT ", "YAMADA TARO ", "Lung");
  EXPECT_FALSE(contains(masked, "YAMADA"));
  EXPECT_TRUE(contains(masked, "261665006"));
  EXPECT_TRUE(has_form_of_code("UCUM", "mm/s"));
  EXPECT_TRUE(has_form_of_code("SRT", "T-D4000"));
  EXPECT_FALSE(has_form_of_code("SCT", "YAMADA"));
  EXPECT_FALSE(has_form_of_code("UCUM", "Yamada Taro"));
}

TEST(Codes, OfWhichOnlyAPartStandsThereGo) {
  for (const Tag sequence : {kReferencedImages, kAnatomicRegion}) {
    EXPECT_FALSE(contains(with_code(sequence, "", "", "CANARY"), "CANARY"));
    EXPECT_FALSE(contains(with_code(sequence, "DCM ", "", "CANARY"), "CANARY"));
    EXPECT_FALSE(contains(with_code(sequence, "", "CANARY1 ", ""), "CANARY"));
    EXPECT_FALSE(contains(with_code(sequence, "", "CANARY1 ", "CANARY"), "CANARY"));
    EXPECT_FALSE(contains(with_code(sequence, "99CANARY", "", ""), "CANARY"));
  }
}

TEST(Codes, OutsideOfItemsGo) {
  DatasetBuilder dataset(core::dicom::kExplicitVrLittleEndian);
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(kCodeValue, Vr::SH, "CANARY1 ")
      .text(kScheme, Vr::SH, "DCM ")
      .text(kMeaning, Vr::LO, "CANARY");
  const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance));
  EXPECT_FALSE(contains(masked, "CANARY"));
}

TEST(Codes, ThatAreLongAndLocalGo) {
  DatasetBuilder dataset = a_header();
  dataset.begin_sequence(kAnatomicRegion)
      .begin_item()
      .text(kScheme, Vr::SH, "99LOCAL ")
      .text(kMeaning, Vr::LO, "CANARY")
      .text(kLongCodeValue, Vr::UC, "CANARY 0123456789012345 ")
      .end_item()
      .end_sequence();
  const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance));
  EXPECT_FALSE(contains(masked, "CANARY"));
  EXPECT_TRUE(contains(masked, "261665006"));
}

TEST(Codes, WithTwoValuesAreNone) {
  DatasetBuilder dataset = a_header();
  dataset.begin_sequence(kAnatomicRegion)
      .begin_item()
      .text(kCodeValue, Vr::SH, "39607008")
      .text(kScheme, Vr::SH, "SCT ")
      .text(kMeaning, Vr::LO, "CANARY")
      .text(kLongCodeValue, Vr::UC, "CANARY 0123456789012345 ")
      .end_item()
      .end_sequence();
  EXPECT_FALSE(contains(masked_bytes(dataset.part10(kCtImageStorage, kInstance)), "CANARY"));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
