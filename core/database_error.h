// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/Exception.h>

namespace sekisho::core::db {

/// What every failure of a database throws, whichever store it is of: SQLite's own, and with a text
/// alone what a store has to say itself.
using Error = SQLite::Exception;

}  // namespace sekisho::core::db
