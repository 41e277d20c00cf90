// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rows.h"

namespace sekisho::sharing {

using core::db::read_id;
using core::db::read_sha256;
using core::db::Rows;
using core::db::Statements;

}  // namespace sekisho::sharing
