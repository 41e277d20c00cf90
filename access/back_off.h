// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

#include "core/time.h"

namespace sekisho::access {

/// What failures are counted of.
enum class Counted {
  account,  ///< of one login, whoever tries, and whether there is such a person or not
  site,     ///< of one address (core::Network::site_of), whatever is tried from there
};

/// Failures in a row, and when the last one was.
struct Failures {
  int count = 0;
  core::Time last_at{};
};

/// Until when no attempt is listened to; `last_at` or before where one may be made at once. Five
/// failures of an account, twenty of a site cost nothing; then each doubles the wait, from 30
/// seconds on and up to a quarter of an hour.
core::Time blocked_until(Counted counted, const Failures& failures);

/// Failures are forgotten when there was none for so long.
inline constexpr std::chrono::hours kForgottenAfter{24};

}  // namespace sekisho::access
