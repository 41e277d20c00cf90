// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/report/context.h"
#include "audit/report/document.h"

namespace sekisho::audit::report {

/// What stands behind each act, to the second and to the UID, and how all that is checked.
Annex make_annex(const Evidence& evidence, const std::vector<Act>& acts, const Checkpoint& tree,
                 const Context& context);

}  // namespace sekisho::audit::report
