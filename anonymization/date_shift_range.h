// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace sekisho::anonymization {

/// How far into the past a share moves the dates of a patient, at least and at most: a year, ten
/// years. The days between them are the share's secret.
inline constexpr std::chrono::days kLeastDateShift{365};
inline constexpr std::chrono::days kLargestDateShift{3652};

}  // namespace sekisho::anonymization
