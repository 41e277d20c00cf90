// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// The values of a code (CS) with those left empty that is_listed_code() does not know; empty
/// where none is left. `nullopt`: all are listed, and the value may stay as it is.
std::optional<std::string> without_unlisted_codes(core::dicom::Tag tag, core::ByteView value);

}  // namespace sekisho::anonymization
