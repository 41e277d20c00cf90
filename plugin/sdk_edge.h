// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <functional>
#include <optional>
#include <string>

#include "plugin/sdk.h"
#include "staff/reply.h"
#include "staff/request.h"

/// Where C++ meets Orthanc's C: no exception crosses, and this is the one place of the plugin that
/// catches them.
namespace sekisho::plugin {

/// What something threw.
struct Trouble {
  std::string for_staff;  ///< in its own words
  std::string for_log;    ///< for the operator's log: core::SetupTrouble, or constant words
};
/// `nullopt` if `work` ended well.
std::optional<Trouble> trouble_in(const std::function<void()>& work);

/// Like Trouble::for_log, in constant words alone.
const char* failure_in(const std::function<void()>& work) noexcept;

/// Runs the body of one of Orthanc's callbacks. What it throws is logged in constant words.
OrthancPluginErrorCode guarded(const Sdk& sdk, const std::function<void()>& body) noexcept;

/// The call as Orthanc passes it on; `nullopt` for a method that the staff API does not have. The
/// user name of the Basic scheme counts only where `authenticated`: Orthanc has checked it then.
enum class UserName { authenticated, unchecked };
std::optional<staff::Request> staff_request(const OrthancPluginHttpRequest& request,
                                            UserName user_name);

/// Whether an HTTP request is a multipart form for one of our paths. Orthanc takes such a form
/// apart and makes a call of each part, with the part's headers in the place of the request's:
/// whoever wrote the form would say who calls, from which page and what it sends.
bool is_form_for_staff(const char* uri, std::uint32_t headers, const char* const* names,
                       const char* const* values);

void send(const Sdk& sdk, OrthancPluginRestOutput* output, const staff::Reply& reply);

}  // namespace sekisho::plugin
