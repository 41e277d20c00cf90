// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bytes.h"

namespace sekisho::imaging {

/// Puts an ICC profile into a JFIF file that has none, in pieces where it is long (ISO 15076-1
/// Annex B.4). Throws std::logic_error where it is no such file, or the profile is longer than 255
/// pieces.
core::Bytes with_profile_in_jpeg(core::ByteView jpeg, core::ByteView profile);
/// Likewise into a PNG, before its pixels (PNG 1.2 §4.2.2.4).
core::Bytes with_profile_in_png(core::ByteView png, core::ByteView profile);

}  // namespace sekisho::imaging
