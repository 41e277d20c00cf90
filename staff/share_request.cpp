// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/share_request.h"

#include <algorithm>

#include "access/person.h"
#include "imaging/rendering/lettering.h"

namespace sekisho::staff {
namespace {

using sharing::Permissions;

constexpr std::size_t kLongestPurpose = 500;
constexpr std::int64_t kMostSessions = 1'000'000;

/// Staff who do not say otherwise let the recipient see and keep the study; a token or better.
constexpr Permissions kDefaultPermissions{.view = true, .download = true};
constexpr auto kDefaultAssurance = sharing::Assurance::password;

anonymization::Profile read_profile(BodyReader& body, const Call& call) {
  body.value("Profile");
  auto answer = call.ports.options.profiles.resolve(requested_profile(call));
  if (const auto* problem = std::get_if<std::string>(&answer)) {
    body.complain("Profile", "cannot be used: " + *problem);
    return anonymization::Profile::none();
  }
  return std::get<anonymization::Profile>(std::move(answer));
}

bool read_needs_approval(BodyReader& body, const Call& call) {
  const bool is_demanded = call.ports.options.requires_approval;
  const auto asked = body.flag("NeedsApproval");
  if (is_demanded && asked == false) {
    body.complain("NeedsApproval", "must not be false: the configuration demands an approval");
  }
  return asked.value_or(is_demanded);
}

bool read_marks_pictures(BodyReader& body) {
  const bool marks = body.flag("MarkPictures").value_or(false);
  if (marks && !imaging::Lettering::installed()) {
    body.complain("MarkPictures", "needs a font on this machine: fonts-ipaexfont-gothic");
  }
  return marks;
}

/// Everything but what is the creation's or the preview's alone.
ShareRequest read_what_is_shared(const Call& call, BodyReader& body) {
  ShareRequest request;
  request.recipient = body.require("Recipient")
                          .parsed("Recipient", sharing::RecipientId::parse, "the ID of a recipient")
                          .value_or(sharing::RecipientId());
  if (const auto person = body.parsed("Person", access::PersonId::parse, "the ID of a person")) {
    request.person = person->text();
  }
  if (auto scope = body.require("Scope").object("Scope")) request.scope = read_scope(*scope);
  request.profile = read_profile(body, call);
  request.permissions = read_permissions(body, kDefaultPermissions);
  request.assurance = body.parsed("Assurance", sharing::parse_assurance,
                                  R"("link", "password", "password+totp" or "certificate")")
                          .value_or(kDefaultAssurance);
  if (!request.person.empty() && request.assurance == sharing::Assurance::link) {
    body.complain("Assurance", "must not be \"link\" where the share is for one person");
  }
  request.needs_approval = read_needs_approval(body, call);
  read_term(body, call, request);
  if (const auto sessions = body.number("MaxSessions", 1, kMostSessions)) {
    request.max_sessions = static_cast<int>(*sessions);
  }
  request.marks_pictures = read_marks_pictures(body);
  request.purpose = body.text("Purpose", kLongestPurpose).value_or("");
  request.intended_use =
      body.parsed("IntendedUse", sharing::parse_intended_use, "\"reference\" or \"reading\"")
          .value_or(sharing::IntendedUse::reference);
  return request;
}

}  // namespace

Permissions read_permissions(BodyReader& body, const Permissions& otherwise) {
  if (!body.has("Permissions")) return otherwise;
  Permissions permissions;
  const auto written = body.texts("Permissions", std::size(sharing::kPermissions));
  for (std::size_t i = 0; written && i < written->size(); ++i) {
    if (const auto permission = sharing::parse_permission((*written)[i])) {
      add(permissions, *permission);
    } else {
      body.complain("Permissions[" + std::to_string(i) + "]",
                    R"(must be "view", "download", "return" or "return-documents")");
    }
  }
  return permissions;
}

void read_term(BodyReader& body, const Call& call, ShareRequest& request) {
  const core::Time earliest = call.now + call.ports.options.undo_window;
  request.not_before = std::max(body.time("NotBefore").value_or(earliest), earliest);
  const auto expires_at = expiry(body, call);
  request.expires_at = expires_at.value_or(call.now);
  if (expires_at && request.not_before >= *expires_at) {
    body.complain("NotBefore", "is at the earliest " + core::to_rfc3339(earliest) +
                                   " and must lie before the share expires, at " +
                                   core::to_rfc3339(*expires_at));
  }
}

ShareRequest read_share_request(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  ShareRequest request = read_what_is_shared(call, body);
  request.acknowledgement = body.text("Acknowledgement", kLongestAcknowledgement);
  body.refuse_the_rest();
  return request;
}

PreviewRequest read_preview_request(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  PreviewRequest request{read_what_is_shared(call, body),
                         body.parsed("Instance", core::Uid::parse, "a DICOM UID")};
  body.refuse_the_rest();
  return request;
}

std::string requested_profile(const Call& call) {
  const Json::Value& body = call.body;
  return to_text(body.isMember("Profile") ? body["Profile"]
                                          : Json::Value(call.ports.options.default_profile));
}

}  // namespace sekisho::staff
