// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Which way dates go: as a share shows them, or back to what they were.
enum class DateMove : std::uint8_t { forth, back };

/// A DA or DT moved by a share's whole days (Pseudonyms::date_shift(), or none); the time of day
/// stays, the offset from UTC goes. Several values are moved each for itself, empty ones stay.
/// `nullopt` where a value is not, to its last character, a complete date of the calendar or one
/// with a time (PS3.5 §6.2), or not between 1900 and 9999; on the way back the last ten years of
/// these are not moved either. `shift` decides nothing but by how much: whoever chose the date
/// would learn it from what becomes of dates at an edge (docs/adr/0029).
std::optional<std::string> shifted_date(std::string_view value, core::dicom::Vr vr, DateMove move,
                                        std::chrono::days shift);

/// An AS, "090Y" if it says more than 89 years. `nullopt` if it says no age.
std::optional<std::string> capped_age(std::string_view value);

/// The age that a number in a unit of UCUM ("a", "mo", "wk", "d" …) says, as a number of the same
/// unit: `number` without padding, or 90 if it is of more than 89 years. `nullopt` where that
/// cannot be told, or where the unit leaves no room for the cap.
std::optional<std::string_view> capped_age(std::string_view number, std::string_view unit);

}  // namespace sekisho::anonymization
