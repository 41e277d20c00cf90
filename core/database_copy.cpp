// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/database_copy.h"

#include <sqlite3.h>

#include <string>

#include "core/database.h"

namespace sekisho::core::db {
namespace {

constexpr int kStepsBetweenLooks = 10'000;

int look(void* watch) {
  (*static_cast<const CopyWatch*>(watch))();
  return 0;
}

}  // namespace

void copy_into(const std::filesystem::path& from, const std::filesystem::path& to,
               const CopyWatch& watch) {
  Database database = open_read_only(from);
  sqlite3_progress_handler(database.getHandle(), kStepsBetweenLooks, look,
                           const_cast<CopyWatch*>(&watch));
  Statement copy(database, "VACUUM INTO ?");
  copy.bind(1, std::filesystem::absolute(to).string());
  copy.exec();
}

bool is_whole(const std::filesystem::path& file) {
  Database database = open_read_only(file);
  return database.execAndGet("PRAGMA integrity_check(1)").getString() == "ok";
}

}  // namespace sekisho::core::db
