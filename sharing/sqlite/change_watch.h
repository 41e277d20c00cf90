// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/database.h"

namespace sekisho::sharing {

/// Tells whether what was read of a database may be believed still. One thread at a time, like the
/// connection, which outlives this.
class ChangeWatch {
 public:
  /// What another connection has committed is seen by the next look.
  static constexpr std::chrono::milliseconds kStaleness{0};

  explicit ChangeWatch(core::db::Database& database)
      : database_(database), looking_(database, "PRAGMA data_version") {}

  /// Another number once anybody, this connection or another one of any process, has changed a row
  /// since the last call. Two microseconds, where reading takes twenty.
  std::uint64_t version() {
    const Seen now = look();
    if (!seen_ || seen_->by_others != now.by_others || seen_->by_us != now.by_us) ++version_;
    seen_ = now;
    return version_;
  }

 private:
  struct Seen {
    std::int64_t by_others;  ///< changes when another connection has committed
    std::int64_t by_us;      ///< rows, those that were rolled back included
  };
  Seen look() {
    looking_.executeStep();
    const std::int64_t by_others = looking_.getColumn(0).getInt64();
    looking_.reset();
    return {by_others, database_.getTotalChanges()};
  }

  core::db::Database& database_;
  core::db::Statement looking_;
  std::optional<Seen> seen_;
  std::uint64_t version_ = 0;
};

}  // namespace sekisho::sharing
