// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "anonymization/profiles/basic_rules.h"
#include "anonymization/profiles/builtin_profiles.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::DictionaryEntry;
using core::dicom::Tag;

/// The four that the recipient needs to find the patient in their own records.
constexpr Tag kPatient[] = {
    Tag{0x0010, 0x0010},  // PatientName
    Tag{0x0010, 0x0020},  // PatientID
    Tag{0x0010, 0x0030},  // PatientBirthDate
    Tag{0x0010, 0x0040},  // PatientSex
};

/// Groups that say how pixels were acquired, lie in space and are to be shown.
constexpr std::uint16_t kImageGroups[] = {0x0018, 0x0020, 0x0028, 0x0054, 0x5200, 0x7FE0};

/// The same, one by one, in groups that also say other things.
constexpr Tag kImageElements[] = {
    Tag{0x0008, 0x0005},  // SpecificCharacterSet
    Tag{0x0008, 0x0008},  // ImageType
    Tag{0x0008, 0x0016},  // SOPClassUID
    Tag{0x0008, 0x0060},  // Modality
    Tag{0x0008, 0x0064},  // ConversionType
    Tag{0x0008, 0x0068},  // PresentationIntentType
    Tag{0x0008, 0x0070},  // Manufacturer
    Tag{0x0008, 0x0100},  // CodeValue
    Tag{0x0008, 0x0102},  // CodingSchemeDesignator
    Tag{0x0008, 0x0103},  // CodingSchemeVersion
    Tag{0x0008, 0x0104},  // CodeMeaning
    Tag{0x0008, 0x0119},  // LongCodeValue
    Tag{0x0008, 0x0120},  // URNCodeValue
    Tag{0x0008, 0x1090},  // ManufacturerModelName
    Tag{0x0008, 0x2218},  // AnatomicRegionSequence
    Tag{0x0008, 0x2220},  // AnatomicRegionModifierSequence
    Tag{0x0008, 0x2228},  // PrimaryAnatomicStructureSequence
    Tag{0x0008, 0x2230},  // PrimaryAnatomicStructureModifierSequence
    Tag{0x0008, 0x9007},  // FrameType
    Tag{0x0008, 0x9205},  // PixelPresentation
    Tag{0x0008, 0x9206},  // VolumetricProperties
    Tag{0x0008, 0x9207},  // VolumeBasedCalculationTechnique
    Tag{0x0008, 0x9208},  // ComplexImageComponent
    Tag{0x0008, 0x9209},  // AcquisitionContrast
    Tag{0x0008, 0x9215},  // DerivationCodeSequence
    Tag{0x0040, 0x0318},  // OrganExposed
    Tag{0x0040, 0x08EA},  // MeasurementUnitsCodeSequence
    Tag{0x0040, 0x9096},  // RealWorldValueMappingSequence
    Tag{0x0040, 0x9210},  // LUTLabel
    Tag{0x0040, 0x9211},  // RealWorldValueLastValueMapped
    Tag{0x0040, 0x9212},  // RealWorldValueLUTData
    Tag{0x0040, 0x9213},  // DoubleFloatRealWorldValueLastValueMapped
    Tag{0x0040, 0x9214},  // DoubleFloatRealWorldValueFirstValueMapped
    Tag{0x0040, 0x9216},  // RealWorldValueFirstValueMapped
    Tag{0x0040, 0x9224},  // RealWorldValueIntercept
    Tag{0x0040, 0x9225},  // RealWorldValueSlope
    Tag{0x2050, 0x0010},  // PresentationLUTSequence
    Tag{0x2050, 0x0020},  // PresentationLUTShape
};
static_assert(std::ranges::is_sorted(kPatient) && std::ranges::is_sorted(kImageElements));

bool describes_image(Tag tag) {
  return std::ranges::binary_search(kImageGroups, tag.group()) ||
         std::ranges::binary_search(kImageElements, tag);
}

SourcedAction action_of(const DictionaryEntry& entry, const std::vector<PatientField>& fields) {
  const auto masked = field_action(entry, fields);
  // Only the patient's name can be there without its kana: other names are not there at all.
  if (masked && (masked->action != Action::drop_phonetic || entry.tag == kPatient[0])) {
    return *masked;
  }
  if (std::ranges::binary_search(kPatient, entry.tag)) {
    return {Action::keep, {kMinimumDisclosureName, "the patient"}};
  }
  const SourcedAction basic = basic_action(entry);
  switch (basic.action) {
    case Action::keep:
    case Action::keep_listed:
    case Action::keep_coded:
      if (describes_image(entry.tag)) return basic;
      return {Action::remove, {kMinimumDisclosureName, "does not describe the image"}};
    case Action::pseudonymise:
      return {Action::empty,
              {kMinimumDisclosureName, "nothing but the patient is to be told apart"}};
    default:
      return basic;
  }
}

}  // namespace

ProfileDraft minimum_disclosure_profile(const std::vector<PatientField>& fields,
                                        std::vector<std::string> modalities) {
  ProfileDraft draft;
  draft.rules =
      rules_of_dictionary([&](const DictionaryEntry& entry) { return action_of(entry, fields); });
  draft.parts.name = kMinimumDisclosureName;
  draft.parts.modalities = std::move(modalities);
  draft.parts.statement.method = {"Sekisho " + std::string(kMinimumDisclosureName)};
  draft.parts.statement.temporal_information = "REMOVED";
  return draft;
}

}  // namespace sekisho::anonymization
