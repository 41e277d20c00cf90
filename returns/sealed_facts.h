// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "returns/upload.h"

namespace sekisho::returns {

/// What of an upload tells of the patient or of who sent it, to be sealed: JSON.
std::string facts_of(const Upload& upload);
/// Fills that in. Throws core::DatabaseError for what facts_of() did not write.
void read_facts(std::string_view json, Upload& upload);

}  // namespace sekisho::returns
