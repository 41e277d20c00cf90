// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace sekisho::audit {

/// Is told over and over, while something takes long, how much of which part of it is done. `total`
/// may grow.
using Advance = std::function<void(std::string_view part, std::uint64_t done, std::uint64_t total)>;

/// For whom nobody waits.
inline void no_advance(std::string_view /*part*/, std::uint64_t /*done*/, std::uint64_t /*total*/) {
}

}  // namespace sekisho::audit
