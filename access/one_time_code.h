// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/secret.h"
#include "core/time.h"

namespace sekisho::access {

// Time-based one-time passwords (RFC 6238) as every authenticator makes them: HMAC-SHA-1, steps of
// 30 seconds from 1970 on, six digits.

/// 160 random bits (RFC 4226 §4, R6).
core::Secret new_totp_secret();

/// RFC 4226 §5.3: the last `digits` digits, 6 to 8, of the value for a counter.
std::string hotp(core::ByteView secret, std::uint64_t counter, int digits);

/// The step that a moment lies in (RFC 6238 §4.2).
std::int64_t totp_step(core::Time now);

/// The step whose code this is: the one of now, the one before or the one behind (RFC 6238 §5.2:
/// clocks differ), but none up to `last_used` (the same: a code is good once). `nullopt` for
/// anything else. Takes the same time whichever it is.
std::optional<std::int64_t> step_of_code(core::ByteView secret, std::string_view code,
                                         core::Time now, std::int64_t last_used);

/// What an authenticator reads from a QR code: the de facto "Key URI Format". `issuer` and
/// `account` are any text.
std::string totp_uri(core::ByteView secret, std::string_view issuer, std::string_view account);

}  // namespace sekisho::access
