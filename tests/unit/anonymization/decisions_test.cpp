// SPDX-License-Identifier: GPL-3.0-or-later
// Every element of the dictionary has a decision, a reason, and options that follow from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

const DecisionRow* decision_on(Tag tag) {
  const auto row = std::ranges::lower_bound(decision_rows(), tag, {}, &DecisionRow::tag);
  return row != decision_rows().end() && row->tag == tag ? &*row : nullptr;
}

Tag tag_of(std::string_view keyword) {
  const auto* entry = core::dicom::find_keyword(keyword);
  EXPECT_NE(entry, nullptr) << keyword;
  return entry ? entry->tag : Tag{};
}

Action action_for(const Profile& profile, std::string_view keyword) {
  return profile.action_for(tag_of(keyword));
}

std::string with_option(std::string_view option) {
  return R"({"Name": "ps3.15-basic", "Options": [")" + std::string(option) + R"("]})";
}

TEST(Decisions, AreThereForEveryElementOfTheDictionary) {
  for (const auto& entry : core::dicom::dictionary()) {
    if (core::dicom::find(entry.tag) != &entry) continue;  // shadowed by an exact one
    EXPECT_NE(decision_on(entry.tag), nullptr) << entry.tag.hex() << ' ' << entry.keyword;
  }
}

/// make_tables.py compares the two tables row by row; elements without a VR are in no data set.
TEST(Decisions, AreToRemoveWhatTheDictionaryDoesNotKnow) {
  for (const DecisionRow& row : decision_rows()) {
    if (core::dicom::find(row.tag)) continue;
    EXPECT_EQ(row.decision, Decision::remove) << row.tag.hex();
  }
}

TEST(Decisions, HaveASentenceEach) {
  std::set<std::string_view> sentences;
  for (const DecisionRow& row : decision_rows()) sentences.insert(reason_of(row).sentence);
  EXPECT_GT(sentences.size(), 40U);
  EXPECT_FALSE(sentences.contains(""));
}

TEST(Decisions, RestOnTheTableOnlyWhereItHasARow) {
  for (const DecisionRow& row : decision_rows()) {
    const bool is_in_table =
        std::ranges::binary_search(confidentiality_rows(), row.tag, {}, &ConfidentialityRow::tag);
    if (reason_of(row).name == kReasonTable) {
      EXPECT_TRUE(is_in_table) << row.tag.hex();
    }
  }
}

TEST(Decisions, LetNoRowOfTheTableStayThatItDoesNotEnter) {
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    const DecisionRow* decision = decision_on(row.tag);
    if (!decision) continue;  // of the command set
    const bool is_entered = row.action == BasicAction::remove_empty_or_remap_uid ||
                            row.tag == tag_of("ReferencedPerformedProcedureStepSequence");
    EXPECT_EQ(decision->decision == Decision::keep, is_entered) << row.tag.hex();
  }
}

TEST(Decisions, TakeTheBuildOfThePatientForACharacteristic) {
  const Profile retaining = profile_of(with_option("RetainPatientCharacteristics"));
  for (std::string_view keyword :
       {"PatientBodyMassIndex", "MeasuredAPDimension", "MeasuredLateralDimension",
        "PatientSizeCodeSequence", "ExaminedBodyThickness", "BodyPartThickness",
        "WaterEquivalentDiameter", "CalculatedAnatomyThickness", "ObjectThicknessSequence",
        "DistancePupillaryDistance", "NearPupillaryDistance"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::remove) << keyword;
    EXPECT_EQ(action_for(retaining, keyword), Action::keep) << keyword;
  }
}

TEST(Decisions, EmptyAndGiveBackWhatAnImageSaysOfTheEye) {
  const Profile retaining = profile_of(with_option("RetainPatientCharacteristics"));
  for (std::string_view keyword :
       {"AxialLengthOfTheEye", "IntraOcularPressure", "RefractiveStateSequence",
        "SphericalLensPower", "CylinderLensPower", "CylinderAxis",
        "OphthalmicPatientClinicalInformationLeftEyeSequence"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::empty) << keyword;
    EXPECT_EQ(action_for(retaining, keyword), Action::keep) << keyword;
  }
}

TEST(Decisions, LeaveFindingsThatAnObjectWasMadeFor) {
  for (std::string_view keyword : {"OphthalmicAxialLength", "IOLPower", "SpherePower",
                                   "FovealSensitivity", "MaximumCornealCurvature"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::keep) << keyword;
  }
}

TEST(Decisions, KeepWhyOnlyForThoseWhoClean) {
  const Profile cleaning = profile_of(with_option("CleanDescriptors"));
  for (std::string_view keyword :
       {"ReasonForPerformedProcedureCodeSequence", "RTDiagnosisCodeSequence",
        "PerformedProcedureStepDiscontinuationReasonCodeSequence",
        "PotentialReasonsForProcedureCodeSequence"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::remove) << keyword;
    EXPECT_EQ(action_for(cleaning, keyword), Action::keep) << keyword;
  }
  EXPECT_EQ(action_for(basic(), "ReasonForOmission"), Action::remove);
  EXPECT_EQ(action_for(cleaning, "ReasonForOmission"), Action::remove);  // no text to clean
}

TEST(Decisions, CleanDescriptionsThatTheTableForgot) {
  const Profile cleaning = profile_of(with_option("CleanDescriptors"));
  for (std::string_view keyword : {"PartialViewDescription", "GraphicLayerDescription",
                                   "DoseComment", "FrameLabel", "LensDescription"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::remove) << keyword;
    EXPECT_EQ(action_for(cleaning, keyword), Action::clean_text) << keyword;
  }
  EXPECT_EQ(action_for(basic(), "SegmentLabel"), Action::clean_text_or_dummy);
}

TEST(Decisions, RemovePersonsPlacesAndWaysIntoTheHospitalWithEveryOption) {
  const Profile most = profile_of(
      R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate", "RetainUids",
          "RetainDeviceIdentity", "RetainInstitutionIdentity", "RetainPatientCharacteristics",
          "RetainFullDates", "CleanDescriptors", "CleanStructuredContent", "CleanGraphics"]})");
  for (std::string_view keyword :
       {"HumanPerformerCodeSequence", "AuthorIdentificationSequence", "HangingProtocolCreator",
        "ResponsibleGroupCodeSequence", "CodingSchemeName", "RetrieveURL", "DICOMRetrievalSequence",
        "WADORSRetrievalSequence", "StorageURL", "NTPSourceAddress", "BillingItemSequence",
        "TypeOfPatientID", "IdentifierTypeCode", "NumberOfPatientRelatedStudies",
        "AssessedAttributeValueSequence"}) {
    EXPECT_EQ(action_for(most, keyword), Action::remove) << keyword;
  }
}

TEST(Decisions, TellDevicesApartOnlyWithTheirOption) {
  const Profile retaining = profile_of(with_option("RetainDeviceIdentity"));
  for (std::string_view keyword :
       {"DeviceID", "GridID", "ProductLotIdentifier", "ExposuresOnDetectorSinceManufactured"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::remove) << keyword;
    EXPECT_EQ(action_for(retaining, keyword), Action::keep) << keyword;
  }
}

TEST(Decisions, TellIntervalsOnlyWithDates) {
  EXPECT_EQ(action_for(basic(), "LongitudinalTemporalOffsetFromEvent"), Action::remove);
  for (std::string_view option : {"RetainFullDates", "RetainModifiedDates"}) {
    EXPECT_EQ(action_for(profile_of(with_option(option)), "LongitudinalTemporalOffsetFromEvent"),
              Action::keep);
  }
}

TEST(Decisions, TakeContentItemsForWhatTheySayUnlessTheyAreCleaned) {
  const Profile cleaning = profile_of(with_option("CleanStructuredContent"));
  for (std::string_view keyword : {"ProtocolContextSequence", "ContentItemModifierSequence",
                                   "SpecimenLocalizationContentItemSequence"}) {
    EXPECT_EQ(action_for(basic(), keyword), Action::remove) << keyword;
    EXPECT_EQ(action_for(cleaning, keyword), Action::clean_content) << keyword;
  }
}

TEST(Decisions, GiveUidsOfSitesAwayWithNoOption) {
  const Profile retaining = profile_of(with_option("RetainUids"));
  EXPECT_EQ(action_for(retaining, "TargetFrameOfReferenceUID"), Action::keep);
  for (std::string_view keyword :
       {"RetrieveLocationUID", "RepositoryUniqueID", "HomeCommunityID"}) {
    EXPECT_EQ(action_for(retaining, keyword), Action::remap_uid) << keyword;
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
