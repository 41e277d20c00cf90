// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/attributes.h"

#include <algorithm>
#include <array>

namespace sekisho::dicomweb {
namespace {

using core::dicom::Tag;

template <std::size_t size>
constexpr bool ascends(const Tag (&list)[size]) {
  return std::is_sorted(std::begin(list), std::end(list));
}

template <std::size_t size>
bool contains(const Tag (&list)[size], Tag tag) {
  return std::binary_search(std::begin(list), std::end(list), tag);
}

// PS3.3 2024e §C.7.2.1 (general study), §C.7.2.2 (patient study), §C.3.3 and §C.3.4 (visit),
// §C.7.2.3 (clinical trial). Group 0010 belongs to the patient as a whole and is not listed.
constexpr Tag kStudyAttributes[] = {
    Tag{0x00080005}, Tag{0x00080020}, Tag{0x00080030}, Tag{0x00080050}, Tag{0x00080051},
    Tag{0x00080054}, Tag{0x00080056}, Tag{0x00080061}, Tag{0x00080062}, Tag{0x00080090},
    Tag{0x00080096}, Tag{0x0008009C}, Tag{0x0008009D}, Tag{0x00080201}, Tag{0x00081030},
    Tag{0x00081032}, Tag{0x00081048}, Tag{0x00081049}, Tag{0x00081060}, Tag{0x00081062},
    Tag{0x00081080}, Tag{0x00081084}, Tag{0x00081110}, Tag{0x00081190}, Tag{0x00120010},
    Tag{0x00120020}, Tag{0x00120021}, Tag{0x00120030}, Tag{0x00120031}, Tag{0x00120040},
    Tag{0x00120042}, Tag{0x00120050}, Tag{0x00120051}, Tag{0x00120052}, Tag{0x00120053},
    Tag{0x00120062}, Tag{0x00120063}, Tag{0x00120064}, Tag{0x00120083}, Tag{0x0020000D},
    Tag{0x00200010}, Tag{0x00201200}, Tag{0x00201202}, Tag{0x00201204}, Tag{0x00201206},
    Tag{0x00201208}, Tag{0x00321033}, Tag{0x00321034}, Tag{0x00380010}, Tag{0x00380014},
    Tag{0x00380060}, Tag{0x00380062}, Tag{0x00380064}, Tag{0x00380500}, Tag{0x00401012},
};
static_assert(ascends(kStudyAttributes));

// PS3.3 2024e §C.7.3.1 (general series), §C.7.4.1 (frame of reference), §C.7.5.1 (general
// equipment), §C.7.3.2 (clinical trial series).
constexpr Tag kSeriesAttributes[] = {
    Tag{0x00080021}, Tag{0x00080031}, Tag{0x00080060}, Tag{0x00080070}, Tag{0x00080080},
    Tag{0x00080081}, Tag{0x00081010}, Tag{0x0008103E}, Tag{0x0008103F}, Tag{0x00081040},
    Tag{0x00081050}, Tag{0x00081052}, Tag{0x00081070}, Tag{0x00081072}, Tag{0x00081090},
    Tag{0x00081111}, Tag{0x00081250}, Tag{0x00120060}, Tag{0x00120071}, Tag{0x00120072},
    Tag{0x00180015}, Tag{0x00181000}, Tag{0x00181002}, Tag{0x00181020}, Tag{0x00181030},
    Tag{0x00181200}, Tag{0x00181201}, Tag{0x00185100}, Tag{0x0020000E}, Tag{0x00200011},
    Tag{0x00200052}, Tag{0x00200060}, Tag{0x00201040}, Tag{0x00201209}, Tag{0x00280108},
    Tag{0x00280109}, Tag{0x00280120}, Tag{0x00400244}, Tag{0x00400245}, Tag{0x00400250},
    Tag{0x00400251}, Tag{0x00400253}, Tag{0x00400254}, Tag{0x00400260}, Tag{0x00400275},
    Tag{0x00400280},
};
static_assert(ascends(kSeriesAttributes));

constexpr Tag kRequiredOfStudy[] = {
    Tag{0x00080005}, Tag{0x00080020}, Tag{0x00080030}, Tag{0x00080050}, Tag{0x00080056},
    Tag{0x00080061}, Tag{0x00080090}, Tag{0x00080201}, Tag{0x00081190}, Tag{0x00100010},
    Tag{0x00100020}, Tag{0x00100030}, Tag{0x00100040}, Tag{0x0020000D}, Tag{0x00200010},
    Tag{0x00201206}, Tag{0x00201208},
};
static_assert(ascends(kRequiredOfStudy));

constexpr Tag kRequiredOfSeries[] = {
    Tag{0x00080005}, Tag{0x00080060}, Tag{0x00080201}, Tag{0x0008103E},
    Tag{0x00081190}, Tag{0x0020000E}, Tag{0x00200011}, Tag{0x00201209},
    Tag{0x00400244}, Tag{0x00400245}, Tag{0x00400275},
};
static_assert(ascends(kRequiredOfSeries));

constexpr Tag kRequiredOfInstance[] = {
    Tag{0x00080005}, Tag{0x00080016}, Tag{0x00080018}, Tag{0x00080056},
    Tag{0x00080201}, Tag{0x00081190}, Tag{0x00200013}, Tag{0x00280008},
    Tag{0x00280010}, Tag{0x00280011}, Tag{0x00280100},
};
static_assert(ascends(kRequiredOfInstance));

constexpr Tag kCached[] = {
    Tag{0x00080005}, Tag{0x00080008}, Tag{0x00080016}, Tag{0x00080018}, Tag{0x00080020},
    Tag{0x00080021}, Tag{0x00080022}, Tag{0x00080023}, Tag{0x00080030}, Tag{0x00080031},
    Tag{0x00080032}, Tag{0x00080033}, Tag{0x00080050}, Tag{0x00080060}, Tag{0x00080090},
    Tag{0x00080201}, Tag{0x00081030}, Tag{0x0008103E}, Tag{0x00100010}, Tag{0x00100020},
    Tag{0x00100021}, Tag{0x00100030}, Tag{0x00100040}, Tag{0x00101010}, Tag{0x00180015},
    Tag{0x0020000D}, Tag{0x0020000E}, Tag{0x00200010}, Tag{0x00200011}, Tag{0x00200013},
    Tag{0x00200060}, Tag{0x00280002}, Tag{0x00280004}, Tag{0x00280008}, Tag{0x00280010},
    Tag{0x00280011}, Tag{0x00280100}, Tag{0x00280101}, Tag{0x00280102}, Tag{0x00280103},
    Tag{0x00400244}, Tag{0x00400245}, Tag{0x00400275},
};
static_assert(ascends(kCached));

constexpr Tag kComputed[] = {
    tags::kSopInstanceUid,
    tags::kInstanceAvailability,
    tags::kModalitiesInStudy,
    tags::kSopClassesInStudy,
    tags::kRetrieveUrl,
    tags::kAvailableTransferSyntaxUid,
    tags::kStudyInstanceUid,
    tags::kSeriesInstanceUid,
    tags::kNumberOfPatientRelatedStudies,
    tags::kNumberOfPatientRelatedSeries,
    tags::kNumberOfPatientRelatedInstances,
    tags::kNumberOfStudyRelatedSeries,
    tags::kNumberOfStudyRelatedInstances,
    tags::kNumberOfSeriesRelatedInstances,
};
static_assert(ascends(kComputed));

// PS3.4 2024e Tables C.3-1, C.6-1 to C.6-5: of queries and not of objects, and not computed here.
constexpr Tag kOfRequests[] = {
    Tag{0x00080052},  // Query/Retrieve Level
    Tag{0x00080053},  // Query/Retrieve View
    Tag{0x00080054},  // Retrieve AE Title
    Tag{0x00080063},  // Anatomic Regions in Study Code Sequence
    Tag{0x0040E010},  // Retrieve URI
    Tag{0x0040E011},  // Retrieve Location UID
    Tag{0x00880130},  // Storage Media File-set ID
    Tag{0x00880140},  // Storage Media File-set UID
};
static_assert(ascends(kOfRequests));

}  // namespace

Level level_of(Tag tag) {
  if (tag.group() == 0x0010 || contains(kStudyAttributes, tag)) return Level::study;
  return contains(kSeriesAttributes, tag) ? Level::series : Level::instance;
}

std::span<const Tag> required_attributes(Level level) {
  switch (level) {
    case Level::study:
      return kRequiredOfStudy;
    case Level::series:
      return kRequiredOfSeries;
    case Level::instance:
      break;
  }
  return kRequiredOfInstance;
}

std::span<const Tag> cached_attributes() { return kCached; }

bool is_computed(Tag tag) { return contains(kComputed, tag); }

bool is_matched(Tag tag) {
  // Commands, file meta information and directories (PS3.7 §E, PS3.10 §7, PS3.3 Annex F); group
  // lengths, which are retired.
  constexpr std::uint16_t kFirstOfDataSets = 0x0008;
  return tag.group() >= kFirstOfDataSets && tag.element() != 0 && !contains(kOfRequests, tag);
}

}  // namespace sekisho::dicomweb
