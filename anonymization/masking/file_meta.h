// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/byte_buffer.h"

namespace sekisho::anonymization {

/// Appends a new beginning of a Part 10 file (PS3.10 §7.1): 128 zero bytes, "DICM" and the file
/// meta information that the standard demands, nothing of the original's. All three are UIDs.
/// `private_information` of ours, of even length, stands at its end if there is any.
void append_file_meta(core::ByteBuffer& out, std::string_view sop_class,
                      std::string_view sop_instance, std::string_view transfer_syntax,
                      std::string_view private_information = {});

}  // namespace sekisho::anonymization
