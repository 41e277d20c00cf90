// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "mail/letter.h"

namespace sekisho::mail {

/// From whom letters are.
struct Sender {
  std::string address;  ///< as parse_address() gives it
  std::string name{};   ///< any text; empty: none stands beside the address
};

/// A letter as it is handed in (RFC 5322, MIME): ASCII, lines of at most 76 bytes, but where an
/// address is longer, that end with CRLF. Names and subjects are encoded words (RFC 2047), the
/// text is UTF-8 in base64 (RFC 2045 §6.8): nothing in them ends a field or begins one. What is no
/// UTF-8 or a control character becomes a replacement character or a space.
std::string message_of(const Letter& letter, const Sender& sender);

}  // namespace sekisho::mail
