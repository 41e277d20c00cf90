// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/staff_share_request.h"

namespace sekisho::plugin {
namespace {

using sharing::Permission;
using sharing::Permissions;

constexpr std::size_t kLongestPurpose = 500;
constexpr std::int64_t kMostSessions = 1'000'000;

/// Staff who do not say otherwise let the recipient see and keep the study; a token or better.
constexpr Permissions kDefaultPermissions{.view = true, .download = true};
constexpr auto kDefaultAssurance = sharing::Assurance::password;

Permissions read_permissions(BodyReader& body) {
  if (body.value("Permissions") == nullptr) return kDefaultPermissions;
  Permissions permissions;
  const auto written = body.texts("Permissions", 4);
  for (std::size_t i = 0; written && i < written->size(); ++i) {
    const auto permission = sharing::parse_permission((*written)[i]);
    if (!permission) {
      body.complain("Permissions[" + std::to_string(i) + "]",
                    "must be \"view\", \"download\", \"return\" or \"return-documents\"");
    } else {
      permissions.view |= *permission == Permission::view;
      permissions.download |= *permission == Permission::download;
      permissions.give_back |= *permission == Permission::give_back;
      permissions.give_back_documents |= *permission == Permission::give_back_documents;
    }
  }
  return permissions;
}

anonymization::Profile read_profile(BodyReader& body, const Config& config) {
  const Json::Value* written = body.value("Profile");
  auto answer =
      config.profiles.resolve(to_text(written == nullptr ? config.default_profile : *written));
  if (const auto* problem = std::get_if<std::string>(&answer)) {
    body.complain("Profile", "cannot be used: " + *problem);
    return anonymization::Profile::none();
  }
  return std::get<anonymization::Profile>(std::move(answer));
}

}  // namespace

ShareRequest read_share_request(const StaffCall& call, RequestProblems& problems) {
  ShareRequest request;
  BodyReader body(call.body, problems);
  request.recipient = body.require("Recipient")
                          .parsed("Recipient", sharing::RecipientId::parse, "the ID of a recipient")
                          .value_or(sharing::RecipientId());
  if (auto scope = body.require("Scope").object("Scope")) request.scope = read_scope(*scope);
  request.profile = read_profile(body, call.ports.config);
  request.permissions = read_permissions(body);
  request.assurance = body.parsed("Assurance", sharing::parse_assurance,
                                  "\"link\", \"password\", \"password+totp\" or \"certificate\"")
                          .value_or(kDefaultAssurance);
  request.not_before = body.time("NotBefore").value_or(call.now);
  const auto expires_at = expiry(body, call);
  if (expires_at && request.not_before >= *expires_at) {
    body.complain("NotBefore",
                  "must lie before the share expires, at " + core::to_rfc3339(*expires_at));
  }
  request.expires_at = expires_at.value_or(call.now);
  if (const auto sessions = body.number("MaxSessions", 1, kMostSessions)) {
    request.max_sessions = static_cast<int>(*sessions);
  }
  request.purpose = body.text("Purpose", kLongestPurpose).value_or("");
  request.intended_use =
      body.parsed("IntendedUse", sharing::parse_intended_use, "\"reference\" or \"reading\"")
          .value_or(sharing::IntendedUse::reference);
  body.refuse_the_rest();
  return request;
}

}  // namespace sekisho::plugin
