// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <orthanc/OrthancCPlugin.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/sdk.h"
#include "staff/caller.h"
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

/// The header of an HTTP request, names in lower case; refers to what Orthanc holds.
struct HeaderFields {
  std::uint32_t count;
  const char* const* names;
  const char* const* values;
  /// The first of this name.
  std::optional<std::string> find(std::string_view lower_case_name) const;
};

/// Whether Orthanc checks the user name of the Basic scheme.
enum class UserName { authenticated, unchecked };
/// What an HTTP request says of its caller: `peer` is the address that it came from.
staff::Claims claims_of(const char* peer, const HeaderFields& fields, UserName user_name,
                        const std::optional<staff::StaffProxy>& proxy);

/// The call as Orthanc passes it on; `nullopt` for a method that the staff API does not have.
std::optional<staff::Request> staff_request(const OrthancPluginHttpRequest& request,
                                            staff::Caller caller);

/// Whether an HTTP request is for one of our paths.
bool is_for_staff(std::string_view uri);
/// Whether it is a multipart form. Orthanc takes such a form apart and makes a call of each part,
/// with the part's headers in the place of the request's: whoever wrote the form would say from
/// which page the call comes and what it sends.
bool is_form(const HeaderFields& fields);

void send(const Sdk& sdk, OrthancPluginRestOutput* output, const staff::Reply& reply);

}  // namespace sekisho::plugin
