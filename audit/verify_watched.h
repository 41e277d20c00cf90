// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/advance.h"
#include "audit/verify.h"

namespace sekisho::audit {

/// verify() for somebody who waits for it.
Verdict verify_watched(const std::filesystem::path& database, std::string_view verifier_key,
                       const Advance& advance);

}  // namespace sekisho::audit
