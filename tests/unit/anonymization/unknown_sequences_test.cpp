// SPDX-License-Identifier: GPL-3.0-or-later
// Sequences that are written as UN (PS3.5 §6.2.2): masked like any other if they can be read.
#include <gtest/gtest.h>

#include "core/dicom/element_header.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr Tag kReferencedImages{0x0008, 0x1140};
constexpr Tag kReferencedFrames{0x0008, 0x1160};  // IS
constexpr Tag kReferencedInstance{0x0008, 0x1155};
constexpr Tag kPatientName{0x0010, 0x0010};
constexpr Tag kSharedGroups{0x5200, 0x9229};
constexpr Tag kBValue{0x0018, 0x9087};       // FD
constexpr Tag kContourData{0x3006, 0x0050};  // DS
constexpr Tag kRows{0x0028, 0x0010};         // US
constexpr Tag kIncrement{0x0028, 0x0009};    // AT

constexpr std::string_view kExplicit[] = {core::dicom::kExplicitVrLittleEndian,
                                          core::dicom::kExplicitVrBigEndian};

Bytes file_with(Tag sequence, ByteView items, std::string_view syntax) {
  DatasetBuilder dataset(syntax);
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .bytes(sequence, Vr::UN, items);
  return dataset.part10(kCtImageStorage, kInstance);
}

Bytes items_of(const DatasetBuilder& elements) {
  return DatasetBuilder(core::dicom::kImplicitVrLittleEndian)
      .begin_item()
      .raw(elements.dataset())
      .end_item()
      .dataset();
}

DatasetBuilder implicit() { return DatasetBuilder(core::dicom::kImplicitVrLittleEndian); }

TEST(UnknownSequences, AreMaskedLikeAnyOther) {
  const Bytes items = items_of(implicit()
                                   .text(kReferencedInstance, Vr::UI, "1.2.826.0.1.3680043.9.99")
                                   .text(kReferencedFrames, Vr::IS, "7")
                                   .text(kPatientName, Vr::PN, "Yamada^Tarou"));
  for (std::string_view syntax : kExplicit) {
    const Bytes masked = masked_alike(basic(), file_with(kReferencedImages, items, syntax));
    const std::string structure = structure_of(masked);
    const auto shown = a_share().uid(*core::Uid::parse("1.2.826.0.1.3680043.9.99"));
    EXPECT_TRUE(contains(masked, shown.text()));
    EXPECT_NE(structure.find("00081160IS 37"), std::string::npos) << structure;
    EXPECT_FALSE(contains(masked, "3680043.9.99"));
    EXPECT_FALSE(contains(masked, "Yamada"));
  }
}

TEST(UnknownSequences, OfNothingStayEmpty) {
  for (std::string_view syntax : kExplicit) {
    const Bytes masked = masked_alike(basic(), file_with(kReferencedImages, {}, syntax));
    EXPECT_EQ(value_in(masked, kReferencedImages), "sequence");
  }
}

TEST(UnknownSequences, LeaveTheirNumbersInTheOrderOfTheFile) {
  const Byte b_value[] = {0, 0, 0, 0, 0, 0, 0xF0, 0x3F};  // 1.0
  const Byte increment[] = {0x28, 0x00, 0x10, 0x00};
  const Bytes items = items_of(implicit()
                                   .bytes(kBValue, Vr::FD, b_value)
                                   .bytes(kIncrement, Vr::AT, increment)
                                   .us(kRows, 0x0102));
  const auto value_of = [&](std::string_view syntax, Tag tag) {
    const CheckedFile file =
        checked(masked_alike(all_fields(), file_with(kSharedGroups, items, syntax)));
    core::dicom::Walker walker(file.header(), file.transfer_syntax().vr,
                               file.transfer_syntax().order);
    for (auto token = walker.next(); token.kind != core::dicom::Token::Kind::end;
         token = walker.next()) {
      if (token.depth == 1 && token.tag == tag)
        return Bytes(token.value.begin(), token.value.end());
    }
    return Bytes();
  };
  EXPECT_EQ(value_of(kExplicit[0], kRows), (Bytes{0x02, 0x01}));
  EXPECT_EQ(value_of(kExplicit[1], kRows), (Bytes{0x01, 0x02}));
  EXPECT_EQ(value_of(kExplicit[1], kBValue), (Bytes{0x3F, 0xF0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(value_of(kExplicit[1], kIncrement), (Bytes{0x00, 0x28, 0x00, 0x10}));
}

TEST(UnknownSequences, WriteAsUnWhatIsTooLongForItsVr) {
  std::string contour = "0\\0\\0";
  while (contour.size() < 70'000) contour += "\\12.345\\-7.5\\0";
  const Bytes items = items_of(implicit().text(kContourData, Vr::DS, contour));
  for (std::string_view syntax : kExplicit) {
    const Bytes masked = masked_alike(all_fields(), file_with(kSharedGroups, items, syntax));
    EXPECT_TRUE(contains(masked, contour));
    EXPECT_NE(structure_of(masked).find("30060050UN"), std::string::npos);
  }
}

TEST(UnknownSequences, GoIfTheyCannotBeRead) {
  const Bytes sound = items_of(implicit().text(kReferencedFrames, Vr::IS, "CANARY"));
  for (std::string_view syntax : kExplicit) {
    for (std::size_t cut : {2, 8, 10}) {
      const Bytes masked = masked_alike(
          all_fields(),
          file_with(kReferencedImages, ByteView(sound).first(sound.size() - cut), syntax));
      EXPECT_EQ(value_in(masked, kReferencedImages), "absent");
      EXPECT_FALSE(contains(masked, "CANARY"));
    }
  }
}

TEST(UnknownSequences, OfPrivateElementsGo) {
  const Bytes items = items_of(implicit().text(kReferencedFrames, Vr::IS, "77"));
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x2001, 0x0010}, Vr::LO, "Philips Imaging DD 001")
      .bytes(Tag{0x2001, 0x105F}, Vr::UN, items);
  const Profile safe = profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate"]})");
  const Bytes masked = masked_alike(safe, dataset.part10(kCtImageStorage, kInstance));
  EXPECT_EQ(value_in(masked, Tag{0x2001, 0x105F}), "absent");
  EXPECT_EQ(value_in(masked, Tag{0x2001, 0x0010}), "Philips Imaging DD 001");
}

}  // namespace
}  // namespace sekisho::anonymization::tests
