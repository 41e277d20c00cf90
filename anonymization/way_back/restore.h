// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "anonymization/pseudonyms.h"
#include "anonymization/way_back/way_back.h"
#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"

namespace sekisho::anonymization {

/// Why an object that came back through a share is not taken.
enum class RestoreProblem {
  unknown_study,       ///< its study is none of the share's, an original UID included
  unknown_reference,   ///< it refers to an object that neither the share nor the reader named
  takes_a_place,       ///< its instance or its series is one that the share shows
  different_instance,  ///< file meta information and data set differ, or one lacks its UIDs
  unreadable,          ///< text that cannot be read, values that do not fit
  too_large            ///< it could outgrow what is read back: see most_restored_bytes()
};
std::string_view name(RestoreProblem problem);

/// All UIDs of the file's data set, at any depth.
void add_uids(ReverseMap& map, const core::dicom::CheckedFile& file);

/// The original of the study that the object names; `nullopt` if the share shows no such study.
/// Original UIDs of a remapping profile are as unknown as any other.
std::optional<core::Uid> study_of_return(const core::dicom::CheckedFile& object,
                                         const ReverseMap& map);

/// The most bytes that the elements before the pixel data, those of the original's patient and
/// study apart, can have in the archive: whatever the names of the share and the originals' values
/// are.
std::uint64_t most_restored_bytes(const core::dicom::CheckedFile& object);

/// An object as the archive shall store it. It bears the share's mark (return_mark.h).
struct Restored {
  core::ByteBuffer part10;
  core::Uid study;        ///< the original's
  ReturnedUids readers;   ///< as the reader names them
  ReturnedUids archived;  ///< as the archive shall
};

/// Gives an object that a reader made from a masked study the identity of the original:
///
/// - the attributes of the patient and of the study (PS3.3 §C.7.1, §C.7.2) are those of `original`,
///   any instance of the archive's study; whatever the object said of them goes;
/// - UIDs at any depth become the originals where the share named them. One that bears this share's
///   mark and is not known is refused, and so is a reference to what nobody named;
/// - series and instance keep the reader's names where the archive does not know them; they and
///   all other UIDs of the reader's get names of the share's own elsewhere (docs/adr/0006);
/// - dates of the acquisition move back where the share moved them; the reader's own stay, and so
///   do its texts;
/// - what said how the images were masked goes; PatientIdentityRemoved says NO.
///
/// Whether an object is taken, and all of it that its reader sees again, depends on what the reader
/// knows, never on the share's key or on what is hidden of the original (docs/adr/0029).
///
/// Where the two name different character sets the result is in UTF-8. Icons go. Pixel data are
/// copied: the caller bounds their size. Throws what the files' store throws, and DemandOver.
std::variant<Restored, RestoreProblem> restore(const core::dicom::CheckedFile& object,
                                               const core::dicom::CheckedFile& original,
                                               const WayBack& way, const core::Demand& demand = {});

}  // namespace sekisho::anonymization
