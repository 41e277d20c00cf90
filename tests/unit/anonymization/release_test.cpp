// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/release.h"

#include "mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kUltrasound = "1.2.840.10008.5.1.4.1.1.6.1";
constexpr Tag kBurnedIn{0x0028, 0x0301};

/// Four by four, all pixels white, with a word that says whether text is burned in.
Bytes an_ultrasound() {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kUltrasound)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "US")
      .text(Tag{0x0008, 0x0070}, Vr::LO, "ACME")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "YAMADA^TARO")
      .us(Tag{0x0028, 0x0002}, 1)
      .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
      .us(Tag{0x0028, 0x0010}, 4)
      .us(Tag{0x0028, 0x0011}, 4)
      .us(Tag{0x0028, 0x0100}, 8)
      .us(Tag{0x0028, 0x0101}, 8)
      .us(Tag{0x0028, 0x0102}, 7)
      .us(Tag{0x0028, 0x0103}, 0)
      .text(kBurnedIn, Vr::CS, "YES")
      .bytes(core::dicom::kPixelData, Vr::OW, Bytes(16, 0xFF));
  return builder.part10(kUltrasound, kInstance);
}

PixelPolicy top_row_black() {
  return std::get<PixelPolicy>(parse_pixel_policy(R"({"Rules": [
    {"Modality": "US", "Manufacturer": "ACME", "Rows": 4, "Columns": 4, "Action": "Blackout",
     "Rectangles": [{"X": 0, "Y": 0, "Width": 4, "Height": 1}]}]})"));
}

TEST(Release, WithheldIsAValueAndNotAFile) {
  const auto released =
      release(checked(an_ultrasound()), basic(), a_share(), PixelPolicy{}, Approval::none);
  ASSERT_TRUE(std::holds_alternative<WithholdReason>(released));
  EXPECT_EQ(std::get<WithholdReason>(released), WithholdReason::burned_in_annotation);
}

TEST(Release, ABlackoutIsMaskedAndStated) {
  const auto released =
      release(checked(an_ultrasound()), basic(), a_share(), top_row_black(), Approval::none);
  ASSERT_TRUE(std::holds_alternative<Masked>(released));
  const Bytes file = bytes_of(std::get<Masked>(released));
  EXPECT_FALSE(contains(file, "YAMADA"));
  EXPECT_TRUE(contains(file, "113101"));
  EXPECT_EQ(value_in(file, kBurnedIn), "NO");
  Bytes expected(16, 0xFF);
  std::fill_n(expected.begin(), 4, Byte{0});
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), file.end() - 16));
}

TEST(Release, ApprovedPixelsLeaveAsTheyAreStored) {
  const auto released =
      release(checked(an_ultrasound()), basic(), a_share(), PixelPolicy{}, Approval::by_staff);
  ASSERT_TRUE(std::holds_alternative<Masked>(released));
  const Bytes file = bytes_of(std::get<Masked>(released));
  EXPECT_FALSE(contains(file, "113101"));
  EXPECT_EQ(value_in(file, kBurnedIn), "YES");
}

Profile that_promises_clean_pixels() {
  return profile_of(R"({"Name": "ps3.15-basic", "Options": ["CleanPixelData"]})");
}

/// A plain CT of no text, as far as anybody says.
Bytes a_ct() {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0008, 0x0070}, Vr::LO, "ACME")
      .us(Tag{0x0028, 0x0010}, 2)
      .us(Tag{0x0028, 0x0011}, 2)
      .us(Tag{0x0028, 0x0100}, 8)
      .bytes(core::dicom::kPixelData, Vr::OW, Bytes(4, 0xFF));
  return builder.part10(kCtImageStorage, kInstance);
}

void expect_claim_of_clean_pixels(const std::variant<Masked, WithholdReason>& released) {
  ASSERT_TRUE(std::holds_alternative<Masked>(released));
  const Bytes file = bytes_of(std::get<Masked>(released));
  EXPECT_TRUE(contains(file, "113101"));
  EXPECT_EQ(value_in(file, kBurnedIn), "NO");
}

TEST(Release, APromiseOfCleanPixelsIsKeptByARuleOrAPersonOrTheImageStays) {
  const CheckedFile image = checked(a_ct());
  const Profile promises = that_promises_clean_pixels();
  EXPECT_EQ(
      std::get<WithholdReason>(release(image, promises, a_share(), PixelPolicy{}, Approval::none)),
      WithholdReason::pixels_not_cleaned);
  expect_claim_of_clean_pixels(
      release(image, promises, a_share(), PixelPolicy{}, Approval::by_staff));
  const auto released_by_rule = std::get<PixelPolicy>(parse_pixel_policy(
      R"({"Rules": [{"Modality": "CT", "Manufacturer": "ACME", "Action": "Release"}]})"));
  expect_claim_of_clean_pixels(
      release(image, promises, a_share(), released_by_rule, Approval::none));
  expect_claim_of_clean_pixels(
      release(checked(an_ultrasound()), promises, a_share(), top_row_black(), Approval::none));
}

TEST(Release, WithoutThatPromiseAnImageClaimsNothingOfItsPixels) {
  const auto released =
      release(checked(a_ct()), basic(), a_share(), PixelPolicy{}, Approval::by_staff);
  const Bytes file = bytes_of(std::get<Masked>(released));
  EXPECT_FALSE(contains(file, "113101"));
  EXPECT_EQ(value_in(file, kBurnedIn), "absent");
}

TEST(Release, WithoutAMaskThereIsNothingToDecide) {
  const Bytes original = an_ultrasound();
  const auto released =
      release(checked(original), Profile::none(), a_share(), top_row_black(), Approval::none);
  ASSERT_TRUE(std::holds_alternative<Masked>(released));
  EXPECT_EQ(bytes_of(std::get<Masked>(released)), original);
}

TEST(Release, ReportsLeaveOnlyWhereTheProfileCleansThem) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.88.33")
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "SR");
  const auto report = checked(builder.part10("1.2.840.10008.5.1.4.1.1.88.33", kInstance));
  EXPECT_EQ(decide_release(report, all_fields(), PixelPolicy{}, Approval::by_staff),
            PixelDecision(WithholdReason::structured_report));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
