// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

namespace sekisho::core {

/// Puts `content` in the place of `file`, for good when this returns; at every moment that place
/// has the old content or the new. Owner and mode are those of the file that was there; of a first
/// one the owner is as in create.h, the mode 0644 less the umask. Throws std::system_error. One
/// writer of a file at a time: it goes to `file` with ".new" behind its name first.
void replace_file(const std::filesystem::path& file, std::string_view content);
/// The same with mode 0600 always, for the owner of the directory. What failed may have taken place
/// and be lost later without an error: whoever promises what the file holds must not write it
/// again.
void replace_private_file(const std::filesystem::path& file, std::string_view content);

}  // namespace sekisho::core
