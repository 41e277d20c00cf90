// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/reading.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <system_error>

#include "audit/error.h"

namespace sekisho::audit {
namespace {

namespace fs = std::filesystem;

bool may_make_files_in(const fs::path& directory) {
  return ::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

/// A directory of our own with the database and its -wal, which nobody writes.
fs::path copied(const fs::path& database) {
  std::string name = (fs::temp_directory_path() / "sekisho-audit-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw AuditError(name + ": " + std::generic_category().message(errno));
  }
  try {
    for (const fs::path& file : {database, core::db::write_ahead_log_of(database)}) {
      fs::copy_file(file, name / file.filename());
    }
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(name, ignored);
    throw AuditError("a copy of audit.db that this user may open cannot be made in " + name + ": " +
                     error.code().message() + ". TMPDIR names another place");
  }
  return name;
}

}  // namespace

Reading::Reading(const fs::path& directory) : place_(AuditPlace::in(directory)) {
  // Who has a database open has made its -wal and its -shm. The -wal alone is what a copy or a
  // crash leaves, and SQLite makes the other before it reads.
  const bool has_log = fs::exists(core::db::write_ahead_log_of(place_.database));
  if (has_log && fs::exists(place_.database.string() + "-shm")) return;
  at_rest_.emplace(place_.database);
  if (!has_log || may_make_files_in(directory)) return;
  copy_ = copied(place_.database);
  place_.database = *copy_ / place_.database.filename();
}

Reading::~Reading() {
  std::error_code ignored;
  if (copy_) fs::remove_all(*copy_, ignored);
}

void Reading::finish() const {
  if (at_rest_ && !at_rest_->holds()) {
    throw AuditError("the service began to write to the log meanwhile: give the command again");
  }
}

}  // namespace sekisho::audit
