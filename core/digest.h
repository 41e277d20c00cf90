// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <initializer_list>
#include <span>

#include "core/bytes.h"

namespace sekisho::core {

using Sha1 = std::array<Byte, 20>;
using Sha256 = std::array<Byte, 32>;

/// SHA-1, for Orthanc's resource identifiers only (Orthanc chose it).
Sha1 sha1(ByteView data);
/// SHA-256 of the parts one after another.
Sha256 sha256(std::initializer_list<ByteView> parts);
inline Sha256 sha256(ByteView data) { return sha256({data}); }
/// HMAC-SHA-256 (RFC 2104) of the parts one after another. Any thread.
Sha256 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);

}  // namespace sekisho::core
