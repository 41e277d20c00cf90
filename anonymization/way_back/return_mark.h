// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "anonymization/pseudonyms.h"
#include "core/byte_buffer.h"
#include "core/bytes.h"

namespace sekisho::anonymization {

/// The name that a share gives to an object that it gave the archive's identity: in the object's
/// file meta information, (0002,0102), from where it says whose the file is after a crash
/// (docs/adr/0029). Nobody without the share's key can make one.
inline constexpr std::size_t kReturnMarkBytes = 16;

/// Appends the beginning of a file as append_file_meta() does, with room for the mark.
void append_markable_file_meta(core::ByteBuffer& out, std::string_view sop_class,
                               std::string_view sop_instance, std::string_view transfer_syntax);

/// Writes the mark of a whole file that began so.
void put_return_mark(core::ByteBuffer& part10, const Pseudonyms& pseudonyms);

/// Whether these bytes are, to the last one, a file that put_return_mark() marked under this share.
bool bears_return_mark(core::ByteView part10, const Pseudonyms& pseudonyms);

}  // namespace sekisho::anonymization
