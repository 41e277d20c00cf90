// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "audit/report/document.h"
#include "audit/report/evidence.h"

namespace sekisho::audit::report {

/// What the evidence says. `acts` are its own, `tree` is that of its checkpoint.
Document make_document(const Evidence& evidence, const std::vector<Act>& acts,
                       const Checkpoint& tree);

}  // namespace sekisho::audit::report
