// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/export/message.h"

namespace sekisho::audit {

/// The message as a FHIR R4 AuditEvent in JSON, on one line, with agents and entities in the shapes
/// of IHE Basic Audit Log Patterns (BALP): source and destination by the role codes of DICOM,
/// patient, data, query and transaction entities. Newline-delimited, any number of them is NDJSON.
std::string to_fhir_json(const Message& message);

}  // namespace sekisho::audit
