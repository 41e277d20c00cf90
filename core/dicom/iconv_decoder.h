// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core::dicom {

inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";  // U+FFFD

/// `text`, which is in `encoding` (a name of glibc's iconv), in UTF-8; `nullopt` if any of it does
/// not decode. Any thread.
std::optional<std::string> decode(const char* encoding, std::string_view text);

/// The same with U+FFFD for each byte that does not decode.
std::string decode_what_is_valid(const char* encoding, std::string_view text);

}  // namespace sekisho::core::dicom
