// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/element_header.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// An element that names an outlined structure, the number in the same item that the object knows
/// it by, and what it is called by that: "ROI 3".
struct StructureName {
  core::dicom::Tag name;
  core::dicom::Tag number;
  std::string_view word;
};

/// Null for any other element.
const StructureName* find_structure_name(core::dicom::Tag name);
/// Whether that element numbers a structure.
bool is_structure_number(core::dicom::Tag tag);
/// The number as it is written in a name; nothing for what is no whole number.
std::optional<std::string> structure_number(core::dicom::Tag tag, core::ByteView value,
                                            core::dicom::ByteOrder order);

/// Whether a name is one that the nomenclature of AAPM's Task Group 263 (2018) makes: a structure
/// of tables/structure-names.tsv with side, part and margin, a target volume with its dose, or one
/// less another. Case does not count, and spaces stand for underscores. A qualifier of one's own
/// ("Lungs^Ex") is not: it is free text.
bool is_structure_name(std::string_view utf8);

/// The name itself if it is one, else the word with the number; empty for an empty one, and where
/// there is no number. Names that were distinct stay so, as numbers are (PS3.3 §C.8.8.5).
std::string cleaned_structure_name(const StructureName& element, std::string_view utf8,
                                   std::string_view number);

}  // namespace sekisho::anonymization
