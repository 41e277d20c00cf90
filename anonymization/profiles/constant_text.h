// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Printable ASCII without the backslash: one value, the same in every character set.
bool is_plain_text(std::string_view text);

/// VRs whose value can be a constant of the configuration.
bool has_constant_text(core::dicom::Vr vr);

/// What is wrong with a constant for that VR (PS3.5 Table 6.2-1), to go behind its place: "must be
/// …"; `nullopt` if nothing is. has_constant_text(vr).
std::optional<std::string_view> problem_of_constant(core::dicom::Vr vr, std::string_view text);

}  // namespace sekisho::anonymization
