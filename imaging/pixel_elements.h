// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/dicom/checked_file.h"
#include "core/dicom/element_header.h"

namespace sekisho::imaging {

/// The elements of group 7FE0, ascending, each with the place of its value in the file; none behind
/// one of undefined length. Throws what reading the file throws.
std::vector<core::dicom::ElementHeader> read_pixel_elements(const core::dicom::CheckedFile& file);

/// Null where there is none of that tag.
const core::dicom::ElementHeader* find_element(
    const std::vector<core::dicom::ElementHeader>& elements, core::dicom::Tag tag);

}  // namespace sekisho::imaging
