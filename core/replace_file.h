// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace sekisho::core {

/// Puts `content` in the place of `file`, for good when this returns; at every moment that place
/// has the old content or the new. Mode 0644 less the umask. Throws std::system_error: then the old
/// content is there. One writer of a file at a time.
void replace_file(const std::filesystem::path& file, std::string_view content);

}  // namespace sekisho::core
