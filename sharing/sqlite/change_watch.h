// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/database.h"

namespace sekisho::sharing {

/// Tells whether what was read of a database may be believed still. One thread at a time, like the
/// connection, which outlives this.
class ChangeWatch {
 public:
  explicit ChangeWatch(core::db::Database& database)
      : database_(database), version_(database, "PRAGMA data_version") {}

  /// Whether anybody, this connection or another one of any process, has changed a row since the
  /// last call. True the first time. Two microseconds, where reading takes twenty.
  bool has_changed() {
    const Seen now = look();
    const bool is_same = seen_ && seen_->by_others == now.by_others && seen_->by_us == now.by_us;
    seen_ = now;
    return !is_same;
  }

 private:
  struct Seen {
    std::int64_t by_others;  ///< changes when another connection has committed
    std::int64_t by_us;      ///< rows, those that were rolled back included
  };
  Seen look() {
    version_.executeStep();
    const std::int64_t by_others = version_.getColumn(0).getInt64();
    version_.reset();
    return {by_others, database_.getTotalChanges()};
  }

  core::db::Database& database_;
  core::db::Statement version_;
  std::optional<Seen> seen_;
};

}  // namespace sekisho::sharing
