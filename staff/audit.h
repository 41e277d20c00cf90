// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "staff/call.h"

namespace sekisho::staff {

Reply list_audit_entries(const Call& call);
/// `path` as audit::LogFile::parse() reads it.
Reply show_log_file(const Call& call, std::string_view path);

}  // namespace sekisho::staff
