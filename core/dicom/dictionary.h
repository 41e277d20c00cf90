// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/dicom/multiplicity.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

/// One row of the data dictionary (PS3.6 2026c Tables 6-1, 7-1, 8-1, and 3004,007F of 2026d).
struct DictionaryEntry {
  Tag tag;                   ///< with the x of repeating groups (50xx, 60xx, …) as 0
  std::string_view keyword;  ///< may be empty for retired elements
  Vr vr;  ///< the first where the table allows several (US before SS, OB before OW)
  bool retired;
  Multiplicity vm;
};

/// Any thread. Repeating groups 50xx and 60xx are found under any even group of theirs; private
/// creator elements (gggg,0010–00FF) and group lengths (gggg,0000) are not in the table.
const DictionaryEntry* find(Tag tag);
const DictionaryEntry* find_keyword(std::string_view keyword);

/// Every row: exact tags in their order, then repeating ones.
std::span<const DictionaryEntry> dictionary();

/// The VR of an element in implicit VR data (PS3.5 §A.1): the dictionary's; UL for group lengths;
/// LO for private creators; UN for what is unknown.
Vr implicit_vr(Tag tag);

}  // namespace sekisho::core::dicom
