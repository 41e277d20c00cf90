// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/export/message.h"

namespace sekisho::audit {

/// The message as XML after the schema of PS3.15 §A.5.1, on one line, without an XML declaration:
/// UTF-8 is what XML is without one. What a value pair holds is in base64, as the schema wants it.
std::string to_dicom_xml(const Message& message);

}  // namespace sekisho::audit
