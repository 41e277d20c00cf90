// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/database.h"
#include "sharing/place.h"

namespace sekisho::sharing {

/// Opens sharing.db, a new or older one at the present schema from then on; a new or older one gets
/// its mask.key. What is deleted is overwritten (`secure_delete`). Throws MaskKeyError and
/// db::Error, the latter also for a file of a newer version than this program knows.
core::db::Database open_database(const SharingPlace& place);

}  // namespace sekisho::sharing
