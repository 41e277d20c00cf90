// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/bytes.h"

namespace sekisho::imaging {

/// What is shown: 8 bits a sample, rows from the top without padding between them.
struct Picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t samples = 1;  ///< 1: black is 0; 3: red, green, blue
  core::Bytes cells;
  core::Bytes profile{};  ///< ICC profile of the colours, which goes into the file; empty: none

  std::size_t row_bytes() const { return std::size_t{width} * samples; }
};

}  // namespace sekisho::imaging
