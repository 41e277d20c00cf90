// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/digest.h"

namespace sekisho::audit {

// What C2SP tlog-proof and tlog-witness have in common: lines, some of them hashes in base64.

/// Takes a line off the front of `text`, without its newline; `nullopt` where none ends.
std::optional<std::string_view> take_line(std::string_view& text);
std::optional<core::Sha256> parse_hash(std::string_view line);

}  // namespace sekisho::audit
