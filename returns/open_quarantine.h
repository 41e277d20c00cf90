// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "returns/place.h"
#include "returns/quarantine.h"
#include "returns/returns_key.h"

namespace sekisho::returns {

// What the quarantine is kept in is chosen here, and nobody else knows it.

/// Opens the quarantine of a place, an empty one with a key of its own where it has none. Nobody
/// else writes to it meanwhile. Never null. Throws ReturnsKeyError and core::DatabaseError.
std::unique_ptr<Quarantine> open_quarantine(const ReturnsPlace& place, Room room);

}  // namespace sekisho::returns
