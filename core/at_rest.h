// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

namespace sekisho::core::db {

// A database without a -wal file beside it is open nowhere: whoever opens it in WAL mode makes one.
// open_read_only() reads such a file as it lies ("immutable"), so that it takes no more than the
// right to read it, and does not see what is written after that.

/// The name of the write-ahead log beside `file`.
std::filesystem::path write_ahead_log_of(const std::filesystem::path& file);

/// A file and its -wal as somebody found them who reads them as they lie. A value.
class AtRest {
 public:
  explicit AtRest(const std::filesystem::path& file);
  /// Whether nobody has begun to write since.
  bool holds() const { return now() == found_; }

 private:
  std::array<std::int64_t, 8> now() const;

  std::filesystem::path file_;
  std::array<std::int64_t, 8> found_;
};

}  // namespace sekisho::core::db
