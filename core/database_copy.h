// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>

#include "core/database_error.h"

namespace sekisho::core::db {

/// Called from time to time while a database is copied.
using CopyWatch = std::function<void()>;
/// One state of the database in `from`, without what was deleted from it, in the empty file `to`.
/// Commits go on meanwhile; what SQLite's backup does in steps begins anew at each of them.
void copy_into(const std::filesystem::path& from, const std::filesystem::path& to,
               const CopyWatch& watch);

/// Whether SQLite finds the file whole. Throws Error where it is no database.
bool is_whole(const std::filesystem::path& file);

}  // namespace sekisho::core::db
