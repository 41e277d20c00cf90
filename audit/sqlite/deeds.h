// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "audit/keeping/deed.h"
#include "core/database.h"

namespace sekisho::audit {

/// Inside the transaction of entry `seq`, which is the record of it. Throws db::Error.
void carry_out(const Deed& deed, std::uint64_t seq, core::db::Database& database);

}  // namespace sekisho::audit
