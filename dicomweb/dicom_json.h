// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/demand.h"
#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"
#include "dicomweb/attributes.h"

namespace sekisho::dicomweb {

/// Longer values can be fetched by themselves, or are left out (docs/dicomweb.md); those of VRs
/// that have no bulk data stand in the object all the same.
inline constexpr std::size_t kLongestInlineValue = 64 * 1024;

/// An attribute that stands in an object beside those of the data set.
struct Extra {
  enum class When { always, if_absent };
  enum class Holds { value, bulk_data_uri };
  core::dicom::Tag tag;
  core::dicom::Vr vr = core::dicom::Vr::UN;  ///< a text VR, or any with an empty text
  std::string text;                          ///< UTF-8, values separated by backslashes
  When when = When::always;                  ///< `always` takes the place of the data set's own
  Holds holds = Holds::value;
};

/// Which top-level attributes of the data set to take: those listed, and all of some levels.
struct Selection {
  std::span<const core::dicom::Tag> tags = {};  ///< in ascending order
  std::optional<Level> everything_up_to = {};
  bool takes(core::dicom::Tag tag) const;
};
inline constexpr Selection kEverything{{}, Level::instance};

/// Appends one object of the DICOM JSON Model (PS3.18 Annex F), attributes in ascending order, made
/// of the `parts` of one data set (in order of their tags) and `extras` (ditto). Text is UTF-8
/// whatever (0008,0005) said, and (0008,0005) then says so. Numbers that JSON cannot hold exactly
/// or at all (long integers, NaN) are strings. A longer value than kLongestInlineValue has a
/// BulkDataURI, its path (value_path.h) below `bulk_root`; without that it is left out, as are the
/// pixels of icons. Throws core::DemandOver.
void append_json(std::string& out, std::span<const core::dicom::Dataset> parts,
                 const Selection& selection, std::span<const Extra> extras,
                 const core::Demand& demand = {}, std::string_view bulk_root = {});

/// A JSON string with its quotes. `text` is UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// A decimal or integer string as a JSON number of the same digits. False, and nothing appended,
/// for what is none.
bool append_json_number(std::string& out, std::string_view text);

}  // namespace sekisho::dicomweb
