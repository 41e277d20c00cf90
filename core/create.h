// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "core/file.h"

namespace sekisho::core {

// What root makes in somebody's directory belongs to them: the service can go on with it when an
// administrator has done its maintenance. Everybody else makes files of their own. `mode` is less
// the umask.

/// A file that was not there, open for writing; none, with errno, where it is or cannot be made.
Descriptor create_file(const std::filesystem::path& file, mode_t mode);
/// A directory that was not there. Throws std::system_error.
void create_directory(const std::filesystem::path& directory, mode_t mode);
/// It and those above, where they are not there. Throws std::system_error.
void create_directories(const std::filesystem::path& directory, mode_t mode);

/// Whether something has that name, be it a link that leads nowhere.
bool is_there(const std::filesystem::path& file);
/// The directory that has the name of `file`.
std::filesystem::path directory_of(const std::filesystem::path& file);

}  // namespace sekisho::core
