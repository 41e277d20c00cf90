// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sekisho::imaging {

/// Why pixels are not let through. Names no value of a file.
enum class Refusal : std::uint8_t {
  malformed,    ///< damaged, or they contradict the header
  unsupported,  ///< an encoding, or a part of one, that is not understood to the last byte
  too_large,    ///< more than a decoder may be given
};

}  // namespace sekisho::imaging
