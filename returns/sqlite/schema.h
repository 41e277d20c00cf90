// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/database.h"
#include "returns/place.h"
#include "returns/returns_key.h"

namespace sekisho::returns {

/// Opens returns.db, at the present schema from then on. Throws db::Error, also for a file of a
/// newer version than this program knows.
core::db::Database open_database(const ReturnsPlace& place);

/// The key of the database: a new one for a new database, and no other from then on. Throws
/// ReturnsKeyError and db::Error.
ReturnsKey settle_key(const ReturnsPlace& place);

}  // namespace sekisho::returns
