// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/share_acts.h"

#include <algorithm>

#include "core/encoding.h"
#include "core/resource_id.h"
#include "staff/approval_risks.h"
#include "staff/consent_rule.h"
#include "staff/known_share.h"
#include "staff/residual_risks.h"
#include "staff/revocations.h"
#include "staff/scope.h"
#include "staff/shares.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::Share;

/// Of {"OrthancId"} or {"SeriesInstanceUID", "PatientID"}.
ScopeRequest read_series(BodyReader& body) {
  ScopeRequest request{.level = ScopeLevel::series};
  if (body.has("OrthancId")) {
    request.orthanc_ids.push_back(read_orthanc_id(body).value_or(""));
    return request;
  }
  request.patient_id = body.text("PatientID", kLongestPatientId);
  const auto uid = body.require("SeriesInstanceUID")
                       .parsed("SeriesInstanceUID", core::Uid::parse, "a DICOM UID");
  request.uids.push_back(uid.value_or(core::Uid()));
  return request;
}

/// Whether a request that read_series() read means this one.
bool means(const ScopeRequest& request, const core::SeriesKey& series) {
  if (!request.orthanc_ids.empty()) return resource_id(series) == request.orthanc_ids.front();
  return series.series == request.uids.front() &&
         (!request.patient_id || series.study.patient_id == *request.patient_id);
}

}  // namespace

Reply extend_share(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  body.require("ExpiresAt");
  const auto expires_at = expiry(body, call);
  const std::string reason = body.text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto known = share_of(call);
  if (!known) return no_such_share();
  Share& share = known->share;
  const auto now_is = status(share, known->recipient, call.now);
  if (is_over(now_is)) {
    return refused(409, "The share is " + std::string(name(now_is)) + " for good.",
                   {"Share again: under new pseudonyms."});
  }
  const std::string previous = core::to_rfc3339(share.expires_at);
  if (*expires_at == share.expires_at) return answered(200, to_json(*known, call));
  if (*expires_at < share.expires_at) {
    return refused(409, "The share ends at " + previous + ", later than that.",
                   {"An end is moved away only. To end the share earlier, revoke it."});
  }
  const auto basis =
      consents_to(call, share.scope, share.purpose, std::max(call.now, share.not_before));
  if (const auto* refusal = std::get_if<Reply>(&basis)) return *refusal;
  if (const auto end = std::get<ConsentBasis>(basis).latest_end; *expires_at > end) {
    return refused(409, "The patients have consented until " + core::to_rfc3339(end) + '.');
  }

  audit::Event event = event_about(call, EventCode::share_extend, *known);
  event.purpose = reason;
  event.facts["previous_end"] = previous;
  event.facts["expires_at"] = core::to_rfc3339(*expires_at);
  call.ports.log.append(event);
  if (!call.ports.shares.extend(share.id, {*expires_at, call.now, call.actor, reason},
                                call.ports.options.consents)) {
    return refused(409, "The share has ended, or was extended, meanwhile.");
  }
  known->share = *call.ports.shares.find(share.id);
  return answered(200, to_json(*known, call));
}

Reply revoke_share(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::string reason = body.text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  if (share.revoked_at) return answered(200, to_json(*known, call));

  const bool is_undone =
      call.now < share.created_at + call.ports.options.undo_window && call.now < share.not_before;
  call.ports.log.append(revocation_of(call, *known, is_undone ? "undone" : "", reason));
  call.ports.shares.revoke(share.id, reason, call.now);
  return show_share(call);
}

Reply forget_share_key(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  if (share.key_destroyed_at) return answered(200, to_json(*known, call));
  const auto now_is = status(share, known->recipient, call.now);
  if (!is_over(now_is)) {
    return refused(409, "The share is not over: it is " + std::string(name(now_is)) + '.',
                   {"Revoke it first, or wait for its expiry."});
  }

  call.ports.log.append(event_about(call, EventCode::share_forget_key, *known));
  call.ports.shares.destroy_mask_key(share.id, call.now);
  call.ports.forget_key(share.id);
  return show_share(call);
}

Reply rotate_mask_key(const Call& call) {
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

Reply approve_series(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const ScopeRequest request = read_series(body);
  const auto acknowledgement = body.text("Acknowledgement", kLongestAcknowledgement);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  if (share.revoked_at) return refused(409, "The share is revoked.");
  if (share.key_destroyed_at) return refused(409, "The share's key is destroyed.");
  auto found = resolve_scope(request, call.ports, call.demand);
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  const auto& scope = std::get<sharing::Scope>(found);
  const core::SeriesKey& series = std::get<sharing::SeriesScope>(scope).series.front();
  if (!covers(share.scope, series)) return refused(404, "The share has no such series.");
  if (std::ranges::binary_search(share.approved_series, series)) {
    return answered(200, to_json(*known, call));
  }
  const auto looked = risks_of_approval(call, *known, series);
  if (const auto* refusal = std::get_if<Reply>(&looked)) return *refusal;
  const auto& risks = std::get<std::vector<ResidualRisk>>(looked);
  const std::string needed = acknowledgement_of(call, share.id, series, risks);
  if (!risks.empty() && !is_same(needed, acknowledgement)) {
    return unacknowledged("series", risks, needed);
  }

  audit::Event event = event_about(call, EventCode::series_approve, *known);
  event.objects = objects_of(scope);
  if (!risks.empty()) event.facts["risks"] = codes_of(risks);
  call.ports.log.append(event);
  call.ports.shares.approve(share.id, series, call.actor, call.now);
  return show_share(call);
}

Reply withdraw_series(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const ScopeRequest request = read_series(body);
  const std::string reason = body.text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  // The archive may have lost the series meanwhile: it is looked for among what is approved.
  std::vector<core::SeriesKey> approved = share.approved_series;
  std::erase_if(approved, [&](const core::SeriesKey& series) { return !means(request, series); });
  const auto unapproved = [] { return refused(404, "The series is not approved in this share."); };
  if (approved.empty()) return unapproved();
  if (approved.size() > 1) {
    return refused(409, "The series is approved under more than one patient or study.",
                   {"Add \"PatientID\"."});
  }

  audit::Event event = event_about(call, EventCode::series_withdraw, *known);
  event.objects = objects_of(sharing::SeriesScope{approved});
  event.purpose = reason;
  call.ports.log.append(event);
  if (!call.ports.shares.withdraw_approval(share.id, approved.front(), call.actor, call.now)) {
    return unapproved();
  }
  known->share = *call.ports.shares.find(share.id);
  return answered(200, to_json(*known, call));
}

}  // namespace sekisho::staff
