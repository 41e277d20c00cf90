// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/staff_shares.h"

#include <algorithm>
#include <map>

#include "plugin/residual_risks.h"
#include "plugin/resolved_profile.h"
#include "plugin/staff_share_request.h"
#include "sharing/bearer.h"

namespace sekisho::plugin {
namespace {

using audit::EventCode;
using sharing::Permission;
using sharing::Recipient;
using sharing::RecipientId;
using sharing::Share;
using sharing::ShareId;

constexpr std::size_t kLongestReason = 500;
constexpr std::size_t kLongestPatientId = 64;  // LO, PS3.5 §6.2

Json::Value names_of(const sharing::Permissions& permissions) {
  Json::Value names = Json::arrayValue;
  for (Permission permission : {Permission::view, Permission::download, Permission::give_back,
                                Permission::give_back_documents}) {
    if (allows(permissions, permission)) names.append(std::string(name(permission)));
  }
  return names;
}

/// Null if it cannot be read: such a share shows nothing to anybody.
Json::Value resolved_profile_of(const Share& share) {
  const auto profile = anonymization::Profile::from_json(share.profile_json);
  return profile ? resolved_profile_json(ResolvedProfile::of(*profile)) : Json::Value();
}

/// A share and whose it is.
struct KnownShare {
  Share share;
  Recipient recipient;
};

KnownShare with_recipient(const StaffCall& call, Share share) {
  auto recipient = call.ports.recipients.find(share.recipient);
  if (!recipient) throw core::db::Error("sharing.db holds a share of nobody");
  return {std::move(share), *std::move(recipient)};
}

/// All that staff may see: the link's hash is none of it.
Json::Value to_json(const KnownShare& known, const StaffCall& call, const Json::Value& profile) {
  const Share& share = known.share;
  Json::Value json;
  json["ID"] = share.id.text();
  json["Recipient"] = share.recipient.text();
  json["Scope"] = scope_json(share.scope);
  json["Profile"] = share.profile_name;
  if (!profile.isNull()) json["ResolvedProfile"] = profile;
  json["Permissions"] = names_of(share.permissions);
  json["Assurance"] = std::string(name(share.assurance));
  json["NotBefore"] = core::to_rfc3339(share.not_before);
  json["ExpiresAt"] = core::to_rfc3339(share.expires_at);
  if (share.max_sessions) json["MaxSessions"] = *share.max_sessions;
  json["Purpose"] = share.purpose;
  json["IntendedUse"] = std::string(name(share.intended_use));
  json["CreatedAt"] = core::to_rfc3339(share.created_at);
  json["CreatedBy"] = share.created_by;
  json["Status"] = std::string(name(status(share, known.recipient, call.now)));
  if (!share.approved_series.empty()) {
    json["ApprovedSeries"] = scope_json(sharing::SeriesScope{share.approved_series})["Objects"];
  }
  if (share.revoked_at) {
    json["RevokedAt"] = core::to_rfc3339(*share.revoked_at);
    json["RevokeReason"] = share.revoke_reason;
  }
  if (share.key_destroyed_at) json["KeyDestroyedAt"] = core::to_rfc3339(*share.key_destroyed_at);
  json["DicomWebRoot"] =
      call.ports.config.gateway.public_url + "/shares/" + share.id.text() + "/dicom-web";
  return json;
}
Json::Value to_json(const KnownShare& known, const StaffCall& call) {
  return to_json(known, call, resolved_profile_of(known.share));
}

Share new_share(const StaffCall& call, ShareRequest request, sharing::Scope scope,
                const sharing::NewBearer& link) {
  Share share;
  share.id = ShareId::random();
  share.recipient = request.recipient;
  share.scope = std::move(scope);
  share.profile_name = request.profile.name();
  share.profile_json = request.profile.to_json();
  share.permissions = request.permissions;
  share.assurance = request.assurance;
  share.not_before = request.not_before;
  share.expires_at = request.expires_at;
  share.max_sessions = request.max_sessions;
  share.purpose = std::move(request.purpose);
  share.intended_use = request.intended_use;
  share.link_hash = link.hash;
  share.created_at = call.now;
  share.created_by = call.actor;
  return share;
}

audit::Event event_about(const StaffCall& call, EventCode code, const KnownShare& known) {
  const Share& share = known.share;
  audit::Event event = staff_event(call, code, known.recipient);
  event.share_id = share.id.text();
  event.intended_use = name(share.intended_use);
  event.objects = objects_of(share.scope);
  return event;
}

audit::Event creation_of(const StaffCall& call, const KnownShare& known,
                         const ResolvedProfile& profile) {
  const Share& share = known.share;
  audit::Event event = event_about(call, EventCode::share_create, known);
  event.purpose = share.purpose;
  event.facts = resolved_profile_facts(profile);
  event.facts["profile"] = share.profile_name;
  event.facts["assurance"] = name(share.assurance);
  event.facts["not_before"] = core::to_rfc3339(share.not_before);
  event.facts["expires_at"] = core::to_rfc3339(share.expires_at);
  std::string& permissions = event.facts["permissions"];
  for (const Json::Value& permission : names_of(share.permissions)) {
    permissions += (permissions.empty() ? "" : " ") + permission.asString();
  }
  return event;
}

/// The one that the first id of the path names.
std::optional<KnownShare> share_of(const StaffCall& call) {
  const auto id = ShareId::parse(call.ids.front());
  auto share = id ? call.ports.shares.find(*id) : std::nullopt;
  if (!share) return std::nullopt;
  return with_recipient(call, *std::move(share));
}

std::vector<ResidualRisk> risks_of(const StaffCall& call, const ShareRequest& request,
                                   const sharing::Scope& scope) {
  core::DicomStore& store = call.ports.store;
  return assess(instances_of(scope, store), request.profile, call.ports.config.pixel_policy, store)
      .risks;
}

StaffReply no_such_share() { return refused(404, "There is no such share."); }

}  // namespace

StaffReply create_share(const StaffCall& call) {
  RequestProblems problems;
  ShareRequest request = read_share_request(call, problems);
  if (!problems.empty()) return invalid(problems);
  auto recipient = call.ports.recipients.find(request.recipient);
  if (!recipient) return refused(404, "There is no such recipient.");
  if (recipient->disabled_at) return refused(409, "The recipient is disabled.");
  auto scope = resolve_scope(request.scope, call.ports.store);
  if (auto* refusal = std::get_if<StaffReply>(&scope)) return std::move(*refusal);
  const auto risks = risks_of(call, request, std::get<sharing::Scope>(scope));
  const auto needed = acknowledgement_of(call, request, std::get<sharing::Scope>(scope), risks);
  if (!risks.empty() && !is_same(needed, request.acknowledgement)) return unacknowledged(risks);

  const auto profile = ResolvedProfile::of(request.profile);
  const auto link = sharing::new_bearer(sharing::BearerKind::link);
  const KnownShare made{
      new_share(call, std::move(request), std::get<sharing::Scope>(std::move(scope)), link),
      *std::move(recipient)};
  audit::Event creation = creation_of(call, made, profile);
  if (!risks.empty()) creation.facts["risks"] = codes_of(risks);
  call.ports.log.append(creation);
  call.ports.shares.insert(made.share);
  Json::Value json = to_json(made, call, resolved_profile_json(profile));
  json["Link"] =
      call.ports.config.gateway.public_url + "/s/" + made.share.id.text() + '#' + link.text;
  return answered(201, json);
}

StaffReply list_shares(const StaffCall& call) {
  RequestProblems problems;
  sharing::ShareFilter filter;
  filter.limit = page_limit(call, problems).value_or(1);
  filter.after = query_id<ShareId>(call, "since", "a share's ID", problems);
  if (!filter.after.empty() && !call.ports.shares.find(filter.after)) {
    problems.emplace_back("\"since\" must be the ID of the last share of the page before.");
  }
  if (call.query.contains("recipient")) {
    filter.recipient = query_id<RecipientId>(call, "recipient", "a recipient's ID", problems);
  }
  if (const auto found = call.query.find("patient"); found != call.query.end()) {
    filter.patient_id = found->second;
  }
  if (const auto found = call.query.find("status"); found != call.query.end()) {
    filter.status = sharing::parse_status(found->second);
    if (!filter.status) {
      problems.emplace_back(
          "\"status\" must be \"pending\", \"live\", \"suspended\", \"expired\" or \"revoked\".");
    }
  }
  if (!problems.empty()) return invalid(problems);
  Json::Value json;
  json["Shares"] = Json::arrayValue;
  std::map<std::string, Json::Value> profiles;  // by what is stored: few, and slow to read
  for (Share& share : call.ports.shares.list(filter, call.now)) {
    const auto [profile, is_new] = profiles.try_emplace(share.profile_json);
    if (is_new) profile->second = resolved_profile_of(share);
    json["Shares"].append(to_json(with_recipient(call, std::move(share)), call, profile->second));
  }
  return answered(200, json);
}

StaffReply show_share(const StaffCall& call) {
  const auto known = share_of(call);
  return known ? answered(200, to_json(*known, call)) : no_such_share();
}

StaffReply revoke_share(const StaffCall& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::string reason = body.text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto known = share_of(call);
  if (!known) return no_such_share();
  Share& share = known->share;
  const auto too_late = [] { return refused(409, "The share is revoked already."); };
  if (share.revoked_at) return too_late();

  audit::Event event = event_about(call, EventCode::share_revoke, *known);
  event.purpose = reason;
  call.ports.log.append(event);
  if (!call.ports.shares.revoke(share.id, reason, call.now)) return too_late();
  share.revoked_at = call.now;
  share.revoke_reason = reason;
  return answered(200, to_json(*known, call));
}

StaffReply forget_share_key(const StaffCall& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto known = share_of(call);
  if (!known) return no_such_share();
  Share& share = known->share;
  const auto too_late = [] { return refused(409, "The share's key is destroyed already."); };
  if (share.key_destroyed_at) return too_late();
  const auto now_is = status(share, known->recipient, call.now);
  if (!is_over(now_is)) {
    return refused(409, "The share is not over: it is " + std::string(name(now_is)) + '.',
                   {"Revoke it first, or wait for its expiry."});
  }

  call.ports.log.append(event_about(call, EventCode::share_forget_key, *known));
  if (!call.ports.shares.destroy_mask_key(share.id, call.now)) return too_late();
  call.ports.forget_key(share.id);
  share.key_destroyed_at = call.now;
  return answered(200, to_json(*known, call));
}

StaffReply rotate_mask_key(const StaffCall& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  audit::Event event = staff_event(call, EventCode::mask_key_rotate);
  event.facts["wrapping"] = core::to_hex(call.ports.shares.wrapping_key_id());
  call.ports.log.append(event);
  Json::Value json;
  json["Keys"] = Json::UInt64{call.ports.shares.rotate_wrapping_key()};
  return answered(200, json);
}

StaffReply approve_series(const StaffCall& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  ScopeRequest request{ScopeLevel::series, body.text("PatientID", kLongestPatientId), {}};
  body.require("SeriesInstanceUID");
  const auto uid = body.parsed("SeriesInstanceUID", core::Uid::parse, "a DICOM UID");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  request.uids.push_back(*uid);
  auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  if (share.revoked_at) return refused(409, "The share is revoked.");
  if (share.key_destroyed_at) return refused(409, "The share's key is destroyed.");
  auto found = resolve_scope(request, call.ports.store);
  if (auto* refusal = std::get_if<StaffReply>(&found)) return std::move(*refusal);
  const auto& scope = std::get<sharing::Scope>(found);
  const core::SeriesKey& series = std::get<sharing::SeriesScope>(scope).series.front();
  if (!covers(share.scope, series)) return refused(404, "The share has no such series.");
  const auto too_late = [] { return refused(409, "The series is approved already."); };
  if (std::ranges::binary_search(share.approved_series, series)) return too_late();

  audit::Event event = event_about(call, EventCode::series_approve, *known);
  event.objects = objects_of(scope);
  call.ports.log.append(event);
  if (!call.ports.shares.approve(share.id, series, call.actor, call.now)) return too_late();
  known->share = *call.ports.shares.find(share.id);
  return answered(200, to_json(*known, call));
}

}  // namespace sekisho::plugin
