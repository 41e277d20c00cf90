// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/dicom/text_reader.h"
#include "core/dicom/walker.h"

namespace sekisho::staff {

/// A value as staff read it: text in UTF-8 and numbers, both cut where they are long, "<12 bytes>"
/// for the rest. `reader` has seen the token, whose VR is settled.
std::string shown_value(const core::dicom::Token& element, core::dicom::TextReader& reader,
                        core::dicom::ByteOrder order);

}  // namespace sekisho::staff
