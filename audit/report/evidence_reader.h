// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/advance.h"
#include "audit/place.h"
#include "audit/report/evidence.h"
#include "audit/store/log_reader.h"

namespace sekisho::audit::report {

/// All that the log says about the patient under `head`, which the log may have outgrown meanwhile.
/// Reads beside a running service, audit-index.key and audit-wrap.key too. Throws AuditError or
/// core::DatabaseError; AuditError as well where the log does not continue `head`.
Evidence gather(const AuditPlace& place, const Question& question, const StoredHead& head,
                const Advance& advance = no_advance);

}  // namespace sekisho::audit::report
