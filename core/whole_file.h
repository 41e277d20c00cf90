// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "core/secret.h"

namespace sekisho::core {

/// The whole content; `nullopt` where there is no such file. Throws std::system_error, also for a
/// symbolic link or more than `limit_bytes`.
std::optional<Secret> read_whole_file(const std::filesystem::path& file, std::size_t limit_bytes);

/// What stands before the first end of a line, or all where there is none. Throws std::system_error
/// as read_whole_file(), and for a file that is not there.
Secret read_first_line(const std::filesystem::path& file, std::size_t limit_bytes);

}  // namespace sekisho::core
