// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::audit {

/// The fact of an outcome: how many frames, or pictures of frames, left by themselves and whole,
/// which are no instances.
inline constexpr const char* kFramesFact = "frames";

}  // namespace sekisho::audit
