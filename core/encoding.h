// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace sekisho::core {

/// Lower-case hexadecimal.
std::string to_hex(ByteView bytes);
/// Accepts both cases. `nullopt` for an odd length or a foreign character.
std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 §4, padded.
std::string to_base64(ByteView bytes);
/// Strict: padding required, no white space, no bits left over.
std::optional<Bytes> from_base64(std::string_view text);

/// RFC 4648 §5 without padding: what goes into URLs and tokens.
std::string to_base64url(ByteView bytes);
std::optional<Bytes> from_base64url(std::string_view text);

/// RFC 4648 §6 alphabet (A–Z, 2–7) without padding: what people may have to type.
std::string to_base32(ByteView bytes);

/// RFC 3986 §2.3: letters, digits and "-._~" as they are, and so what is in `more`; every other
/// byte as "%XX". Without more it is good for application/x-www-form-urlencoded too.
std::string percent_encoded(std::string_view text, std::string_view more = "");

}  // namespace sekisho::core
