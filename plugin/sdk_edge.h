// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <functional>
#include <optional>
#include <string>

#include "plugin/sdk.h"
#include "plugin/staff_api.h"

/// Where C++ meets Orthanc's C: no exception crosses, and this is the one place of the plugin that
/// catches them.
namespace sekisho::plugin {

/// What `work` threw, in words for staff; `nullopt` if it ended well.
std::optional<std::string> trouble_in(const std::function<void()>& work);

/// Like trouble_in(), in constant words that may stand in the operator's log.
const char* failure_in(const std::function<void()>& work) noexcept;

/// Runs the body of one of Orthanc's callbacks. What it throws is logged in constant words.
OrthancPluginErrorCode guarded(const Sdk& sdk, const std::function<void()>& body) noexcept;

/// The call as Orthanc passes it on; `nullopt` for a method that the staff API does not have. The
/// user name of the Basic scheme counts only where `authenticated`: Orthanc has checked it then.
enum class UserName { authenticated, unchecked };
std::optional<StaffRequest> staff_request(const OrthancPluginHttpRequest& request,
                                          UserName user_name);

void send(const Sdk& sdk, OrthancPluginRestOutput* output, const StaffReply& reply);

}  // namespace sekisho::plugin
