// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/access_key.h"
#include "access/place.h"
#include "core/database.h"

namespace sekisho::access {

/// Opens access.db, at the present schema from then on. What is deleted is overwritten
/// (`secure_delete`). Throws db::Error, also for a file of a newer version than this program knows.
core::db::Database open_database(const AccessPlace& place);

/// The key of the database: a new one for a new database, and no other from then on. Throws
/// AccessKeyError and db::Error.
AccessKey settle_key(const AccessPlace& place);

}  // namespace sekisho::access
