// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/study_identity.h"

#include <algorithm>
#include <cstdint>

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr std::uint16_t kPatientGroup = 0x0010;
constexpr Tag kStudyInstanceUid{0x0020, 0x000D};

/// The study's attributes (PS3.3 §C.7.2.1, §C.7.2.2, Visit modules), besides group 0010.
constexpr Tag kStudyTags[] = {
    Tag{0x0008, 0x0020},                       // StudyDate
    Tag{0x0008, 0x0030},                       // StudyTime
    Tag{0x0008, 0x0050},                       // AccessionNumber
    Tag{0x0008, 0x0051},                       // IssuerOfAccessionNumberSequence
    Tag{0x0008, 0x0090},                       // ReferringPhysicianName
    Tag{0x0008, 0x0096},                       // ReferringPhysicianIdentificationSequence
    Tag{0x0008, 0x009C},                       // ConsultingPhysicianName
    Tag{0x0008, 0x009D},                       // ConsultingPhysicianIdentificationSequence
    Tag{0x0008, 0x1030},                       // StudyDescription
    Tag{0x0008, 0x1032},                       // ProcedureCodeSequence
    Tag{0x0008, 0x1048},                       // PhysiciansOfRecord
    Tag{0x0008, 0x1049},                       // PhysiciansOfRecordIdentificationSequence
    Tag{0x0008, 0x1060},                       // NameOfPhysiciansReadingStudy
    Tag{0x0008, 0x1062},                       // PhysiciansReadingStudyIdentificationSequence
    Tag{0x0008, 0x1080},                       // AdmittingDiagnosesDescription
    Tag{0x0008, 0x1084},                       // AdmittingDiagnosesCodeSequence
    Tag{0x0008, 0x1110},                       // ReferencedStudySequence
    Tag{0x0008, 0x1120},                       // ReferencedPatientSequence
    kStudyInstanceUid,   Tag{0x0020, 0x0010},  // StudyID
    Tag{0x0032, 0x1033},                       // RequestingService
    Tag{0x0032, 0x1034},                       // RequestingServiceCodeSequence
    Tag{0x0038, 0x0010},                       // AdmissionID
    Tag{0x0038, 0x0014},                       // IssuerOfAdmissionIDSequence
    Tag{0x0038, 0x0060},                       // ServiceEpisodeID
    Tag{0x0038, 0x0062},                       // ServiceEpisodeDescription
    Tag{0x0038, 0x0064},                       // IssuerOfServiceEpisodeIDSequence
};
static_assert(std::ranges::is_sorted(kStudyTags));

}  // namespace

bool is_of_patient_or_study(Tag tag) {
  return (tag.group() == kPatientGroup && tag.element() != 0) ||
         std::ranges::binary_search(kStudyTags, tag);
}

bool is_of_acquisition(Tag tag) {
  constexpr Tag kDates[] = {
      Tag{0x0008, 0x0022},  // AcquisitionDate
      Tag{0x0008, 0x002A},  // AcquisitionDateTime
      Tag{0x0018, 0x1078},  // RadiopharmaceuticalStartDateTime
      Tag{0x0018, 0x1079},  // RadiopharmaceuticalStopDateTime
      Tag{0x0018, 0x9074},  // FrameAcquisitionDateTime
      Tag{0x0018, 0x9151},  // FrameReferenceDateTime
      Tag{0x0018, 0x9516},  // StartAcquisitionDateTime
      Tag{0x0018, 0x9517},  // EndAcquisitionDateTime
  };
  return std::ranges::find(kDates, tag) != std::end(kDates);
}

}  // namespace sekisho::anonymization
