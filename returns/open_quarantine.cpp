// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/open_quarantine.h"

#include "returns/sqlite/schema.h"
#include "returns/sqlite/sqlite_quarantine.h"

namespace sekisho::returns {

std::unique_ptr<Quarantine> open_quarantine(const ReturnsPlace& place, Room room) {
  core::db::settle_write_ahead_log(place.database);
  return std::make_unique<SqliteQuarantine>(place, settle_key(place), room);
}

}  // namespace sekisho::returns
