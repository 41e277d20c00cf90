// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/digest.h"

namespace sekisho::core {

/// SHA-256 of what a file holds. Throws std::system_error.
Sha256 sha256_of_file(const std::filesystem::path& file);

}  // namespace sekisho::core
