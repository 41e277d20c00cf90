// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::mail {

/// A mail address that every server takes and that can stand in any field as it is: ASCII, a
/// dot-atom (RFC 5322 §3.2.3), "@" and a host name, 254 bytes at most (RFC 5321 §4.5.3.1).
/// `nullopt` for anything else: quoted parts, comments, address literals and whatever could begin a
/// new line.
std::optional<std::string> parse_address(std::string_view text);

}  // namespace sekisho::mail
