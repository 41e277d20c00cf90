// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace sekisho::imaging {

/// An ICC profile of version 4.3 (ISO 15076-1) that says sRGB (IEC 61966-2-1) for pictures of three
/// samples, and greys with its curve for those of one. Always the same bytes: no date, no name.
core::Bytes srgb_profile(std::uint32_t samples);

}  // namespace sekisho::imaging
