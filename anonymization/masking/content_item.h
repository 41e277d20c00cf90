// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/dicom/replay.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// What of an SR content item (PS3.3 §C.17.3) decides on its masking.
struct ContentItem {
  std::string_view value_type;  ///< (0040,A040)
  std::string_view scheme;      ///< of its Concept Name
  std::string_view code;
  std::string_view number;  ///< of a NUM's measured value, if it is a single one
  std::string_view unit;    ///< the code of its unit
  std::string_view unit_scheme;
  std::string_view code_scheme;   ///< of a CODE's value
  std::string_view relationship;  ///< (0040,A010)
  core::ByteView reference;       ///< (0040,DB73), if it is a UL
  core::dicom::ByteOrder reference_order = core::dicom::ByteOrder::little;
};

/// Reads the item that `walk` has just begun, ahead of it. Views into the walked bytes, padding
/// dropped; what is not there is empty, and what is there twice counts as not there.
ContentItem read_content_item(core::dicom::Replay walk, const core::dicom::Token& item_begin);

/// Whether the item that `walk` has just begun is a code (PS3.3 §8) of a scheme that the standard
/// does not know: its meaning is anybody's text.
bool is_local_code(core::dicom::Replay walk, const core::dicom::Token& item_begin);

/// Whether such an item is in the sequence that `walk` has just begun.
bool holds_local_code(core::dicom::Replay walk, const core::dicom::Token& sequence_begin);

/// What an item is called whose own name is not told: a code of DICOM's that says no more than what
/// its Value Type says. Viewers show nothing of an item without a name.
enum class NeutralName : std::uint8_t { comment, image_region, source_of_measurement };
NeutralName neutral_name_of(std::string_view value_type);
struct CodedName {
  std::string_view code;  ///< of the coding scheme DCM
  std::string_view meaning;
};
CodedName coded(NeutralName name);

/// Elements and sequences of a content item that hold a value, of whatever Value Type.
bool is_content_value(core::dicom::Tag tag);
/// The one that an item of that Value Type has (PS3.3 Table C.17.3-1): what its rule is about. No
/// tag if it has none: SCOORD, CONTAINER, an item that refers to another.
core::dicom::Tag value_element_of(std::string_view value_type);
/// A number that stands in the item itself (PS3.3 Table 10-2), not in its measured value.
bool is_bare_number(core::dicom::Tag tag);

}  // namespace sekisho::anonymization
