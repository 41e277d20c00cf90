// SPDX-License-Identifier: GPL-3.0-or-later
// Names of outlined structures under Clean Descriptors: AAPM, report of Task Group 263 (2018).
#include "anonymization/masking/structure_names.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kRtStructureSet = "1.2.840.10008.5.1.4.1.1.481.3";
constexpr Tag kRoiName{0x3006, 0x0026};
constexpr Tag kRoiNumber{0x3006, 0x0022};

const Profile& cleaning() {
  static const Profile profile =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["CleanDescriptors"]})");
  return profile;
}

struct Roi {
  std::string number;
  std::string name;
};

Bytes structure_set(const std::vector<Roi>& rois,
                    std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
  DatasetBuilder dataset(syntax);
  dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kRtStructureSet)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .begin_sequence(Tag{0x3006, 0x0020});
  for (const Roi& roi : rois) {
    dataset.begin_item();
    if (!roi.number.empty()) dataset.text(kRoiNumber, Vr::IS, roi.number);
    dataset.text(kRoiName, Vr::LO, roi.name).end_item();
  }
  dataset.end_sequence().begin_sequence(Tag{0x3006, 0x0080});
  for (const Roi& roi : rois) {
    dataset.begin_item()
        .text(Tag{0x3006, 0x0084}, Vr::IS, roi.number)
        .text(Tag{0x3006, 0x0085}, Vr::SH, roi.name.substr(0, 16))
        .end_item();
  }
  return dataset.end_sequence().part10(kRtStructureSet, kInstance);
}

/// The values of an element wherever it stands.
std::vector<std::string> values_of(const Bytes& part10, Tag wanted) {
  const CheckedFile file = checked(part10);
  core::dicom::Walker walker(file.header(), file.transfer_syntax().vr,
                             file.transfer_syntax().order);
  std::vector<std::string> values;
  for (auto token = walker.next(); token.kind != core::dicom::Token::Kind::end;
       token = walker.next()) {
    if (token.tag != wanted || token.kind != core::dicom::Token::Kind::element) continue;
    std::string text(core::as_text(token.value));
    while (text.ends_with(' ')) text.pop_back();
    values.push_back(text);
  }
  return values;
}

using Names = std::vector<std::string>;

TEST(StructureNames, LeftAndRightAndTwoDosesStayApart) {
  const Names names = {"Parotid_L", "Parotid_R",   "PTV_7000",  "PTV_5600", "PTV 54 Gy",
                       "GTV1",      "Brain",       "BrainStem", "Heart",    "Lung_L",
                       "Lung_R",    "SpinalCord",  "BODY",      "EXTERNAL", "zPTV",
                       "PTVn",      "CouchSurface"};
  std::vector<Roi> rois;
  for (const std::string& name : names) rois.push_back({std::to_string(rois.size() + 1), name});
  EXPECT_EQ(values_of(masked_alike(cleaning(), structure_set(rois)), kRoiName), names);
}

TEST(StructureNames, WhatNobodyListedIsCalledByItsNumber) {
  const std::vector<Roi> rois = {{"7", "GTV_Yamada"}, {"8", "Smith"},       {"+9", "山田"},
                                 {"10", "ROI 7"},     {"11", "Lungs^Sato"}, {"12", "Parotid_L"}};
  for (std::string_view syntax :
       {core::dicom::kExplicitVrLittleEndian, core::dicom::kImplicitVrLittleEndian,
        core::dicom::kExplicitVrBigEndian}) {
    const Bytes masked = masked_alike(cleaning(), structure_set(rois, syntax));
    const Names named = {"ROI 7", "ROI 8", "ROI 9", "ROI 10", "ROI 11", "Parotid_L"};
    EXPECT_EQ(values_of(masked, kRoiName), named);
    EXPECT_EQ(values_of(masked, Tag{0x3006, 0x0085}), named);  // ROIObservationLabel
    for (std::string_view gone : {"Yamada", "Smith", "Sato", "山"}) {
      EXPECT_FALSE(contains(masked, gone)) << gone;
    }
  }
}

TEST(StructureNames, TellNothingOfWhatTheyWere) {
  EXPECT_EQ(masked_alike(cleaning(), structure_set({{"1", "Smith"}, {"2", "Tanaka boost"}})),
            masked_alike(cleaning(), structure_set({{"1", "Sato"}, {"2", "x"}})));
}

TEST(StructureNames, WithoutANumberThereIsNoName) {
  for (std::string_view number : {"", "one", "1-5", "99999999999"}) {
    const Bytes masked = masked_alike(cleaning(), structure_set({{std::string(number), "Smith"}}));
    EXPECT_EQ(values_of(masked, kRoiName), Names{""}) << number;
  }
}

TEST(StructureNames, FollowTheNomenclature) {
  for (std::string_view name : {"Brain",
                                "BRAIN",
                                "Brainstem",
                                "Brain Stem",
                                "Spinal Cord",
                                "Lung_L",
                                "L Lung",
                                "Left Lung",
                                "Lung_LUL",
                                "Lungs",
                                "Lung~_L",
                                "Brain~",
                                "SpinalCord_PRV05",
                                "OpticNrv_PRV_L",
                                "OpticChiasm_PRVx3",
                                "VB_L",
                                "VB_L1",
                                "VB_T12",
                                "Rib03_R",
                                "A_Aorta",
                                "A_Carotid_L",
                                "LN_Neck_IIA_L",
                                "LN_Ax_L1_R",
                                "Nasalconcha_LI",
                                "R_Hilum_Kidney",
                                "Esophagus_S",
                                "SeminalVes_Dist",
                                "Bladder_Wall",
                                "zLungs",
                                "_Lung_R",
                                "GTV",
                                "GTVp1",
                                "CTVn2",
                                "CTVsb",
                                "ITV",
                                "IGTV",
                                "ICTV_5000",
                                "PTV1",
                                "PTV_High",
                                "PTV_Low02",
                                "PTV_7000",
                                "ptv_7000",
                                "PTVp_5040x28",
                                "PTV_50.4Gy",
                                "PTV_50p4Gy",
                                "PTV_20Gyx3",
                                "PTV_Liver_20Gyx3",
                                "CTV_A_Aorta",
                                "GTV_CT1PT1",
                                "PTV_MR2_6000",
                                "PTV-03",
                                "CTVp2-05",
                                "PTV_Eval_7000-08",
                                "PTV!_Low",
                                "Lungs-PTV",
                                "Lung_L-GTV",
                                "zPTV_High"}) {
    EXPECT_TRUE(is_structure_name(name)) << name;
  }
}

TEST(StructureNames, HaveNoRoomForAName) {
  for (std::string_view name : {"",
                                " ",
                                "_",
                                "-",
                                "z",
                                "L",
                                "PRV05",
                                "Smith",
                                "Head",
                                "Hand_L",
                                "GTV_Smith",
                                "PTV Tanaka",
                                "Smith_L",
                                "Lung_Smith",
                                "Lung_L_Smith",
                                "Lungs^Smith",
                                "PTV^Smith",
                                "PTV-Smith",
                                "Smith-PTV",
                                "PTV_19800512",
                                "PTV_12345",
                                "PTV19800512",
                                "PTV_1",
                                "PTV_5040x1980",
                                "PTV_7000Smith",
                                "PTV_700.123Gy",
                                "GTV_CT1980",
                                "Rib1980",
                                "SpinalCord_PRV1980",
                                "zSmith",
                                "Lung--PTV",
                                "Lung-1980",
                                "05",
                                "PTV\\Smith",
                                "ＰＴＶ",
                                "脳",
                                "PTV\x01"}) {
    EXPECT_FALSE(is_structure_name(name)) << name;
  }
  EXPECT_FALSE(is_structure_name(std::string(65, 'L')));
}

TEST(StructureNames, OfSegmentsGoByTheirNumber) {
  const StructureName* label = find_structure_name(Tag{0x0062, 0x0005});
  ASSERT_NE(label, nullptr);
  const Byte number[] = {0x01, 0x02};
  EXPECT_EQ(structure_number(label->number, number, core::dicom::ByteOrder::little), "513");
  EXPECT_EQ(structure_number(label->number, number, core::dicom::ByteOrder::big), "258");
  EXPECT_EQ(cleaned_structure_name(*label, "Smith", "513"), "Segment 513");
  EXPECT_EQ(find_structure_name(Tag{0x3006, 0x0002}), nullptr);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
