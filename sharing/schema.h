// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/database.h"

namespace sekisho::sharing {

/// Brings a new or older sharing.db to the present schema, in one transaction. Throws db::Error,
/// also for a file of a newer version than this program knows.
void migrate(core::db::Database& database);

}  // namespace sekisho::sharing
