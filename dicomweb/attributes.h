// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/dicom/tag.h"
#include "disclosure/shown_path.h"

namespace sekisho::dicomweb {

using disclosure::Level;

namespace tags {
using core::dicom::Tag;
inline constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
inline constexpr Tag kSopClassUid{0x0008, 0x0016};
inline constexpr Tag kSopInstanceUid{0x0008, 0x0018};
inline constexpr Tag kStudyDate{0x0008, 0x0020};
inline constexpr Tag kInstanceAvailability{0x0008, 0x0056};
inline constexpr Tag kTimezoneOffsetFromUtc{0x0008, 0x0201};
inline constexpr Tag kSopClassesInStudy{0x0008, 0x0062};
inline constexpr Tag kModality{0x0008, 0x0060};
inline constexpr Tag kModalitiesInStudy{0x0008, 0x0061};
inline constexpr Tag kRetrieveUrl{0x0008, 0x1190};
inline constexpr Tag kAvailableTransferSyntaxUid{0x0008, 0x3002};
inline constexpr Tag kStudyInstanceUid{0x0020, 0x000D};
inline constexpr Tag kSeriesInstanceUid{0x0020, 0x000E};
inline constexpr Tag kNumberOfPatientRelatedStudies{0x0020, 0x1200};
inline constexpr Tag kNumberOfPatientRelatedSeries{0x0020, 0x1202};
inline constexpr Tag kNumberOfPatientRelatedInstances{0x0020, 0x1204};
inline constexpr Tag kNumberOfStudyRelatedSeries{0x0020, 0x1206};
inline constexpr Tag kNumberOfStudyRelatedInstances{0x0020, 0x1208};
inline constexpr Tag kNumberOfSeriesRelatedInstances{0x0020, 0x1209};
}  // namespace tags

/// The highest level whose rows have the attribute: study for what the patient, study and patient
/// study modules of PS3.3 hold, series for the general series and equipment modules, else
/// instance.
Level level_of(core::dicom::Tag tag);

/// What a row of this level always has (PS3.18 2024e Tables 10.6.3-3, -4 and -5), in order of tags.
std::span<const core::dicom::Tag> required_attributes(Level level);

/// What masked rows keep in memory, in order of tags: the required attributes of every level and
/// those that viewers ask for as a matter of routine.
std::span<const core::dicom::Tag> cached_attributes();

/// Counted or made by us, never read from a data set.
bool is_computed(core::dicom::Tag tag);

/// Whether a match key can be held against it. Not what only requests have, or the archive alone
/// knows, or stands in a file outside its data set: such a key would find nothing, and that would
/// be taken for an answer.
bool is_matched(core::dicom::Tag tag);

}  // namespace sekisho::dicomweb
