// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/at_rest.h"

#include <sys/stat.h>

namespace sekisho::core::db {

AtRest::AtRest(const std::filesystem::path& file) : file_(file), found_(now()) {}

/// Whoever writes makes the -wal file first.
std::array<std::int64_t, 8> AtRest::now() const {
  std::array<std::int64_t, 8> state{};
  auto* next = state.begin();
  for (const auto& path : {file_, write_ahead_log_of(file_)}) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) status = {};
    for (const std::int64_t value :
         {static_cast<std::int64_t>(status.st_ino), static_cast<std::int64_t>(status.st_size),
          static_cast<std::int64_t>(status.st_mtim.tv_sec),
          static_cast<std::int64_t>(status.st_mtim.tv_nsec)}) {
      *next++ = value;
    }
  }
  return state;
}

std::filesystem::path write_ahead_log_of(const std::filesystem::path& file) {
  return file.string() + "-wal";
}

}  // namespace sekisho::core::db
