// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// Whether one value of a code (CS) is a term that the standard defines for the element or that
/// equipment writes (tables/code-terms.tsv), in any case and without padding. `position` is 0 for
/// the first value. No text that somebody typed passes unless it is such a term. An empty value is
/// listed. Elements without a list of their own share one, of which names of two and more terms may
/// be made ("FAT_FRACTION", "TE2"). Any thread.
bool is_listed_code(core::dicom::Tag tag, std::size_t position, std::string_view value);

}  // namespace sekisho::anonymization
