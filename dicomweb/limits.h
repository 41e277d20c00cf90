// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sekisho::dicomweb {

struct Limits {
  int max_results = 1000;                   ///< QIDO-RS page
  std::uint64_t row_bytes = 64ULL << 20;    ///< masked rows held in memory
  std::uint64_t text_bytes = 32ULL << 20;   ///< metadata that were made, likewise
  std::uint64_t head_bytes = 32ULL << 20;   ///< what was masked beside pixels, likewise
  std::uint64_t view_bytes = 128ULL << 20;  ///< views of shares, likewise
};

}  // namespace sekisho::dicomweb
