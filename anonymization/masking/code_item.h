// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "anonymization/masking/element_writer.h"
#include "core/dicom/replay.h"

namespace sekisho::anonymization {

/// What the parts of a code that stand in an item make (PS3.3 Table 8.8-1).
enum class CodeStanding : std::uint8_t {
  unread,
  listed,  ///< a code of a coding scheme that DICOM lists: its parts stay
  local,   ///< a code of any other scheme: it, and what it means, could be anything
  stray    ///< no code: a value, a scheme or a meaning alone, or outside of any item
};

/// Of the item that `walk` is in, right behind `first`, the first of its parts. The meaning of a
/// listed code is believed; its value must look like a code.
CodeStanding read_code(core::dicom::Replay walk, const core::dicom::Token& first);

/// Whether what stands in for a local code can be written where this part of it stood.
bool comes_before_other_elements(core::dicom::Tag part);
/// (261665006, SCT, "Unknown").
void write_unknown_code(ElementWriter& writer);

/// Whether `code` can be one of the coding scheme: without spaces and, but for schemes whose codes
/// are letters, with a digit. What people type in a hurry is neither.
bool has_form_of_code(std::string_view scheme, std::string_view code);

}  // namespace sekisho::anonymization
