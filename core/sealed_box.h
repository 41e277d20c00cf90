// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/secret.h"

namespace sekisho::core {

/// A box: nonce (12) ‖ ciphertext ‖ tag (16), AES-256-GCM with a random nonce of 96 bits, safe for
/// 2^32 boxes under one key (NIST SP 800-38D §8.3). `associated` is not in the box; it must be the
/// same to open it. Any thread. Throws std::runtime_error where OpenSSL or the generator fails.
Bytes seal_box(ByteView key, ByteView associated, ByteView plain);
/// `nullopt` where key, associated data or box are not what they were.
std::optional<Bytes> open_box(ByteView key, ByteView associated, ByteView box);

/// Of every key of a box.
inline constexpr std::size_t kBoxKeyBytes = 32;
/// How many bytes a box has more than what is in it.
inline constexpr std::size_t kBoxOverheadBytes = 12 + 16;

/// What is bound to a box: these texts, one behind the other.
Bytes associated(std::initializer_list<std::string_view> parts);

/// A key of its own for one use of `key`, whose owner has several: HMAC-SHA256 of `use` under it.
Secret derived_key(const Secret& key, std::string_view use);

using Bits128 = std::array<Byte, 16>;
/// The first 128 bits of SHA-256(label ‖ 0x00 ‖ key): commits to a random key of 256 bits and tells
/// it from others without showing it. AES-GCM alone does not: a box can be made for two keys.
Bits128 key_id(std::string_view label, ByteView key);

}  // namespace sekisho::core
