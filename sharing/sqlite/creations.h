// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "sharing/creation_key.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

/// What was made by the key in the last 24 hours. Throws db::Error.
std::optional<Creation> find_creation(Statements& statements, const CreationKey& key);

/// In the transaction of a creation: puts down what the key, if there is one, has made. False if it
/// has made something already; then nothing is to be made.
bool write_creation(Statements& statements, const std::optional<CreationKey>& key,
                    std::string_view made);

}  // namespace sekisho::sharing
