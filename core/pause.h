// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

namespace sekisho::core {

/// How long to leave alone what has failed: `first`, doubled for each of `earlier` failures in a
/// row, and `longest` at most.
template <class First, class Longest>
constexpr First pause_after(int earlier, First first, Longest longest) {
  constexpr int kMostDoublings = 16;
  return std::min<First>(first * (1 << std::min(earlier, kMostDoublings)), longest);
}

}  // namespace sekisho::core
