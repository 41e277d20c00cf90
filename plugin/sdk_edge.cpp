// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/sdk_edge.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "audit/error.h"
#include "core/database_error.h"
#include "core/encoding.h"
#include "core/letter_case.h"
#include "core/setup_trouble.h"
#include "core/store_error.h"
#include "http/target.h"
#include "sharing/wrapping_key.h"

namespace sekisho::plugin {
namespace {

constexpr std::string_view kBasic = "Basic ";

/// RFC 7617: "Basic " and base64 of user-id ":" password.
std::string basic_user(std::string_view authorization) {
  if (!authorization.starts_with(kBasic)) return {};
  const auto credentials = core::from_base64(authorization.substr(kBasic.size()));
  if (!credentials) return {};
  const std::string_view text = core::as_text(*credentials);
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos ? std::string() : std::string(text.substr(0, colon));
}

/// Orthanc 1.10.1 splits the query and leaves its percent-encoding in place. What is no such
/// encoding stands for itself. A plus that is not encoded is how forms, and the libraries of those
/// who write programs, spell a space (HTML "application/x-www-form-urlencoded").
std::pair<std::string, std::string> decoded(std::string name, std::string value) {
  std::ranges::replace(name, '+', ' ');
  std::ranges::replace(value, '+', ' ');
  const auto target = http::parse_target("/?" + name + '=' + value);
  if (!target || target->query.size() != 1) return {std::move(name), std::move(value)};
  return target->query.front();
}

std::optional<staff::Verb> verb_of(OrthancPluginHttpMethod method) {
  switch (method) {
    case OrthancPluginHttpMethod_Get:
      return staff::Verb::get;
    case OrthancPluginHttpMethod_Post:
      return staff::Verb::post;
    case OrthancPluginHttpMethod_Put:
      return staff::Verb::put;
    case OrthancPluginHttpMethod_Delete:
      return staff::Verb::erase;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Trouble> trouble_in(const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const core::SetupTrouble& trouble) {
    return Trouble{trouble.what(), trouble.what()};
  } catch (const std::exception& trouble) {
    return Trouble{trouble.what(), "GET /sekisho/api/status says why."};
  }
}

const char* failure_in(const std::function<void()>& work) noexcept {
  try {
    work();
    return nullptr;
  } catch (const audit::AuditError&) {
    return "The access log cannot be written.";
  } catch (const core::DatabaseError&) {
    return "The sharing database does not answer.";
  } catch (const sharing::MaskKeyError&) {
    return "The key file of the pseudonyms cannot be used or replaced.";
  } catch (const core::StoreError&) {
    return "Orthanc's archive could not be asked.";
  } catch (const std::bad_alloc&) {
    return "There is not enough memory.";
  } catch (...) {
    return "An unexpected failure.";
  }
}

OrthancPluginErrorCode guarded(const Sdk& sdk, const std::function<void()>& body) noexcept {
  const char* failure = failure_in(body);
  if (failure == nullptr) return OrthancPluginErrorCode_Success;
  sdk.log(core::Severity::error, failure);
  return OrthancPluginErrorCode_Plugin;
}

std::optional<std::string> HeaderFields::find(std::string_view lower_case_name) const {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (names[i] == lower_case_name) return values[i];
  }
  return std::nullopt;
}

staff::Claims claims_of(const char* peer, const HeaderFields& fields, UserName user_name,
                        const std::optional<staff::StaffProxy>& proxy) {
  staff::Claims claims;
  if (peer != nullptr) claims.peer = core::IpAddress::parse(peer);
  if (user_name == UserName::authenticated) {
    claims.orthanc_user = basic_user(fields.find("authorization").value_or(""));
  }
  if (proxy) {
    claims.proxy_user = fields.find(proxy->user_field);
    claims.proxy_groups = fields.find(proxy->groups_field);
  }
  return claims;
}

std::optional<staff::Request> staff_request(const OrthancPluginHttpRequest& request,
                                            staff::Caller caller) {
  const auto verb = verb_of(request.method);
  if (!verb) return std::nullopt;
  staff::Request call;
  call.verb = *verb;
  call.caller = std::move(caller);
  if (request.groupsCount > 0) call.path = request.groups[0];
  for (std::uint32_t i = 0; i < request.getCount; ++i) {
    call.query.push_back(decoded(request.getKeys[i], request.getValues[i]));
  }
  if (request.bodySize > 0) {
    call.body.assign(static_cast<const char*>(request.body), request.bodySize);
  }
  const HeaderFields fields{request.headersCount, request.headersKeys, request.headersValues};
  const auto field = [&](std::string_view name) { return fields.find(name).value_or(""); };
  call.context = {field("content-type"), field("host"), field("origin"), field("sec-fetch-site")};
  call.idempotency_key = field("idempotency-key");
  call.look_name = field("sekisho-look");
  call.if_none_match = field("if-none-match");
  return call;
}

bool is_for_staff(std::string_view uri) {
  return uri.ends_with("/sekisho") || uri.find("/sekisho/") != std::string_view::npos;
}

bool is_form(const HeaderFields& fields) {
  const std::string type = core::in_lower_case(fields.find("content-type").value_or(""));
  return type.find("multipart") != std::string::npos;
}

void send(const Sdk& sdk, OrthancPluginRestOutput* output, const staff::Reply& reply) {
  const auto size = static_cast<std::uint32_t>(reply.body.size());
  const auto set_header = [&](const char* name, const std::string& value) {
    if (!value.empty()) OrthancPluginSetHttpHeader(sdk.context(), output, name, value.c_str());
  };
  set_header("Cache-Control", "no-store");
  set_header("ETag", reply.tag);
  set_header("Location", reply.location);
  if (reply.status == 200) {
    OrthancPluginAnswerBuffer(sdk.context(), output, reply.body.data(), size, reply.type);
    return;
  }
  // SendHttpStatus refuses the statuses that have a call of their own; this one takes no body.
  if (reply.status == 405) {
    OrthancPluginSendMethodNotAllowed(sdk.context(), output, reply.allow.c_str());
    return;
  }
  // It sends a body with every other one, 201 included, but names no type for it.
  if (!reply.body.empty()) set_header("Content-Type", reply.type);
  OrthancPluginSendHttpStatus(sdk.context(), output, static_cast<std::uint16_t>(reply.status),
                              reply.body.data(), size);
}

}  // namespace sekisho::plugin
