// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// A DA or DT moved by whole days; the time of day stays, the offset from UTC goes. Several values
/// are moved each for itself, empty ones stay. `nullopt` where a value is not, to its last
/// character, a complete date of the calendar or one with a time (PS3.5 §6.2), or where the result
/// would not be one.
std::optional<std::string> shifted_date(std::string_view value, core::dicom::Vr vr,
                                        std::chrono::days shift);

/// An AS, "090Y" if it says more than 89 years. `nullopt` if it says no age.
std::optional<std::string> capped_age(std::string_view value);

/// The age that a number in a unit of UCUM ("a", "mo", "wk", "d" …) says, as a number of the same
/// unit: `number` without padding, or 90 if it is of more than 89 years. `nullopt` where that
/// cannot be told, or where the unit leaves no room for the cap.
std::optional<std::string_view> capped_age(std::string_view number, std::string_view unit);

}  // namespace sekisho::anonymization
