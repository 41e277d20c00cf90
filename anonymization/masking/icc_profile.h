// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/bytes.h"

namespace sekisho::anonymization {

/// An ICC profile (ICC.1:2022) that shows the same colours and says nothing else: of its tags those
/// that colours are computed from (matrix, curves, 8- and 16-bit tables), with neither description,
/// device, maker, creator, date, profile ID nor private tags; what must be there is a constant. One
/// of RGB or grey whose colours need what is not understood becomes sRGB, or a plain grey one.
/// Rebuilt again it stays as it is. Empty for what is no profile, or of other colours.
std::string rebuilt_icc(core::ByteView profile);

}  // namespace sekisho::anonymization
