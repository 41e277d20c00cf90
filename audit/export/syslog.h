// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "audit/export/message.h"

namespace sekisho::audit {

/// An audit message as one RFC 5424 syslog message, in the frame of RFC 5425 §4.3 (its length in
/// octets before it), with the header fields of PS3.15 §A.6.
std::string to_syslog_frame(const Message& message);

}  // namespace sekisho::audit
