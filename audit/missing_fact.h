// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::audit {

/// The fact of an answer that lacks some of what was asked for: how many instances. Of the objects
/// of its intent, or of its query, those that are instances are then the ones that it lacks.
inline constexpr const char* kMissingFact = "missing";

}  // namespace sekisho::audit
