// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sekisho::dicomweb {

/// The frames that a path names (PS3.18 §10.4.1.1.6: numbers from 1, with commas between them), in
/// its order, counted from 0; one that stands there twice twice. `nullopt` for what is no such
/// list.
std::optional<std::vector<std::uint32_t>> parse_frame_list(std::string_view text);

}  // namespace sekisho::dicomweb
