// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sekisho::audit {

/// The index of who and what entries are about is kept in spans of so many entries. What is
/// appended touches the few pages of the newest one, however long the log has become; a history is
/// looked for in each of them.
inline constexpr std::uint64_t kIndexSpan = 65'536;
constexpr std::uint64_t index_span(std::uint64_t seq) { return seq / kIndexSpan; }

}  // namespace sekisho::audit
