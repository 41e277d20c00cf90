// SPDX-License-Identifier: GPL-3.0-or-later
// The four symbols that Orthanc looks for, the callbacks it is given, and the only globals.
#include <orthanc/OrthancCPlugin.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "plugin/config.h"
#include "plugin/pages.h"
#include "plugin/plugin.h"
#include "plugin/sdk.h"
#include "plugin/sdk_edge.h"
#include "staff/caller.h"
#include "staff/reply.h"
#include "staff/request.h"

namespace {

namespace staff = sekisho::staff;
using namespace sekisho::plugin;
using sekisho::core::Severity;

struct Loaded {
  Sdk sdk;
  UserName user_name;
  staff::CallerRules callers;
  Plugin plugin;
};
std::unique_ptr<Loaded> loaded;  // from Initialize to Finalize
/// From Orthanc's filter, which sees who connects, to the callback that it then calls on the same
/// thread with the request. Calls that Lua or another plugin makes pass no filter: they are
/// nobody's.
thread_local std::optional<staff::Claims> claims_of_request;
/// As it was asked for: Orthanc takes the slash at its end off before it calls back.
thread_local std::string address_of_request;

OrthancPluginErrorCode on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                                 const char* resource_id) {
  return guarded(loaded->sdk, [&] {
    switch (change) {
      case OrthancPluginChangeType_OrthancStarted:
        return loaded->plugin.start();
      case OrthancPluginChangeType_OrthancStopped:
        return loaded->plugin.stop();
      default:
        if (resource_id != nullptr) loaded->plugin.on_change(change, type, resource_id);
    }
  });
}

/// `answer` is what of Plugin serves the path.
template <staff::Reply (Plugin::*answer)(staff::Request)>
OrthancPluginErrorCode on_staff_call(OrthancPluginRestOutput* output, const char* /*url*/,
                                     const OrthancPluginHttpRequest* request) {
  return guarded(loaded->sdk, [&] {
    const auto claims = std::exchange(claims_of_request, std::nullopt);
    auto call =
        staff_request(*request, caller_of(loaded->callers, claims.value_or(staff::Claims())));
    staff::Reply reply{405, {}, "GET,POST,PUT,DELETE"};
    const char* failure = failure_in([&] {
      if (call) reply = (loaded->plugin.*answer)(*std::move(call));
    });
    if (failure != nullptr) {
      loaded->sdk.log(Severity::error, failure);
      reply = staff::refused(503, failure);
    }
    send(loaded->sdk, output, reply);
  });
}

/// Pages are served while nothing else works: they say why.
OrthancPluginErrorCode on_page_call(OrthancPluginRestOutput* output, const char* url,
                                    const OrthancPluginHttpRequest* request) {
  return guarded(loaded->sdk, [&] {
    const auto claims = std::exchange(claims_of_request, std::nullopt);
    staff::Request asked;
    asked.caller = caller_of(loaded->callers, claims.value_or(staff::Claims()));
    std::optional<staff::Reply> refusal;
    const char* failure = failure_in([&] { refusal = loaded->plugin.refuse_page(asked); });
    if (failure != nullptr) refusal = staff::refused(503, failure);
    if (request->method != OrthancPluginHttpMethod_Get) refusal = staff::Reply{405, {}, "GET"};
    if (refusal) return send(loaded->sdk, output, *refusal);
    send_page(loaded->sdk, output, address_of_request.empty() ? url : address_of_request);
  });
}

/// 0 has Orthanc answer 403 in place of whatever it would do.
std::int32_t on_http_request(OrthancPluginHttpMethod /*method*/, const char* uri, const char* peer,
                             std::uint32_t headers, const char* const* names,
                             const char* const* values, std::uint32_t /*arguments*/,
                             const char* const* /*keys*/, const char* const* /*values*/) {
  std::int32_t is_allowed = 0;
  guarded(loaded->sdk, [&] {
    claims_of_request.reset();
    const HeaderFields fields{headers, names, values};
    if (is_for_staff(uri)) {
      claims_of_request = claims_of(peer, fields, loaded->user_name, loaded->callers.proxy);
      address_of_request = uri;
    }
    is_allowed = is_for_staff(uri) && is_form(fields) ? 0 : 1;
  });
  return is_allowed;
}

/// What is wrong with the configuration as written, one line each, else the configuration.
std::optional<Config> checked_config(const Sdk& sdk) {
  auto result = parse_config(sdk.configuration());
  if (auto* config = std::get_if<Config>(&result)) return std::move(*config);
  for (const std::string& problem : std::get<1>(result)) sdk.log(Severity::error, problem);
  return std::nullopt;
}

bool initialise(const Sdk& sdk) {
  auto config = checked_config(sdk);
  if (!config) return false;
  sdk.describe(OrthancPluginGetName(),
               "Shares studies with named recipients: scoped, masked, on record.");
  if (!config->enabled) {
    sdk.log(
        Severity::warning,
        "Sekisho is switched off: Orthanc's configuration has no object \"Sekisho\", or that says "
        "\"Enabled\": false. Nothing is shared.");
    return true;
  }
  const UserName user_name =
      config->orthanc.authenticates_users ? UserName::authenticated : UserName::unchecked;
  const staff::CallerRules callers = config->staff.callers;
  loaded.reset(new Loaded{sdk, user_name, callers, {sdk, std::move(*config)}});
  OrthancPluginRegisterOnChangeCallback(sdk.context(), on_change);
  OrthancPluginRegisterIncomingHttpRequestFilter2(sdk.context(), on_http_request);
  OrthancPluginRegisterRestCallbackNoLock(sdk.context(), "/sekisho/api(/.*)?",
                                          on_staff_call<&Plugin::answer>);
  OrthancPluginRegisterRestCallbackNoLock(sdk.context(), "/sekisho/audit(/.*)?",
                                          on_staff_call<&Plugin::show_log_file>);
  OrthancPluginRegisterRestCallbackNoLock(sdk.context(), kPagesPattern, on_page_call);
  OrthancPluginSetRootUri(sdk.context(), "/sekisho/");
  OrthancPluginExtendOrthancExplorer(sdk.context(), kExplorerScript);
  return true;
}

}  // namespace

extern "C" {

ORTHANC_PLUGINS_API int32_t OrthancPluginInitialize(OrthancPluginContext* context) {
  const Sdk sdk(*context);
  if (OrthancPluginCheckVersion(context) == 0) {
    sdk.log(Severity::error, "Sekisho needs Orthanc 1.10.1 or newer.");
    return -1;
  }
  bool good = false;
  guarded(sdk, [&] { good = initialise(sdk); });
  return good ? 0 : -1;
}

ORTHANC_PLUGINS_API void OrthancPluginFinalize() { loaded.reset(); }

ORTHANC_PLUGINS_API const char* OrthancPluginGetName() { return "sekisho"; }

ORTHANC_PLUGINS_API const char* OrthancPluginGetVersion() { return SEKISHO_VERSION; }

}  // extern "C"
