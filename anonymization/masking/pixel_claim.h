// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sekisho::anonymization {

/// What an object may say of its pixels: text in them was blackened, or a person has looked at them
/// for this share (PS3.15 §E.3.1).
enum class PixelClaim : std::uint8_t { none, clean };

}  // namespace sekisho::anonymization
