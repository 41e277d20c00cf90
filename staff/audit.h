// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "staff/call.h"

namespace sekisho::staff {

StaffReply list_audit_entries(const StaffCall& call);
/// `path` as audit::LogFile::parse() reads it.
StaffReply show_log_file(const StaffCall& call, std::string_view path);

}  // namespace sekisho::staff
