// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

namespace sekisho::core {

// What the machine knows of its time beside the date. What stands in for boot_clock.cpp decides it.

/// Since the machine started, suspension included: nobody sets it.
std::chrono::microseconds since_boot();
/// The kernel's name of this start, a UUID in small letters; of zeros where it tells none.
std::string boot_id();
/// Whether something holds the date to that of others, as far as the kernel knows.
bool is_date_synchronised();

}  // namespace sekisho::core
