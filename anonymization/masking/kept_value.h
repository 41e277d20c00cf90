// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/kept_bytes.h"
#include "core/bytes.h"
#include "core/dicom/multiplicity.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// What an element must be to be kept: the dictionary's, or of a private one its rule's.
struct ElementForm {
  core::dicom::Tag tag;
  core::dicom::Vr vr;
  core::dicom::Multiplicity vm;
};

/// A value as a file has it. Where the file gives no VR, or the element is private and the coding
/// implicit, `vr` is the form's own.
struct GivenValue {
  core::dicom::Vr vr;
  core::dicom::ByteOrder order;
  core::ByteView bytes;
};

/// What of a value may be shown by a rule that keeps it: all, if it is of its tag's VR, VM and
/// form; what is left when values that are not were repaired or emptied; new bytes; `nullopt` if it
/// is nothing of the kind. The answer points into the value, or into `made`. What it answers it
/// would answer again. Any thread.
std::optional<core::ByteView> kept_value(const ElementForm& form, const GivenValue& given,
                                         const SizesOfBytes& sizes, std::string& made);

/// What stands in for a value of which kept_value() left nothing, where an object must have the
/// element (PS3.3: Type 1, 2 and 2C): a constant, or empty. `nullopt`: the element goes.
std::optional<std::string_view> text_for_missing(core::dicom::Tag tag);

/// Writes that.
void write_missing(ElementWriter& writer, core::dicom::Tag tag, core::dicom::Vr vr);

}  // namespace sekisho::anonymization
