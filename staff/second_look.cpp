// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/second_look.h"

#include <string>
#include <utility>
#include <variant>

#include "staff/known_share.h"
#include "staff/revocations.h"
#include "staff/shares.h"

namespace sekisho::staff {
namespace {

using sharing::Share;

/// The share of the path, if the caller may judge it.
std::variant<KnownShare, Reply> share_to_judge(const Call& call) {
  auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  if (auto refusal = refuse_nameless(call)) return *std::move(refusal);
  if (call.actor == share.created_by) {
    return refused(403, "Who made a share cannot judge it.", {"Somebody else has to look at it."});
  }
  if (!share.needs_approval) return refused(409, "The share needs no approval.");
  const auto now_is = status(share, known->recipient, call.now);
  if (is_over(now_is)) {
    return refused(409, "The share is " + std::string(name(now_is)) + " for good.");
  }
  return *std::move(known);
}

}  // namespace

Reply approve_share(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = share_to_judge(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& known = std::get<KnownShare>(found);
  if (known.share.approval) return answered(200, to_json(known, call));

  call.ports.log.append(event_about(call, audit::EventCode::share_approve, known));
  if (!call.ports.shares.approve(known.share.id, sharing::Approval{call.now, call.actor})) {
    return refused(409, "The share has ended, or was approved, meanwhile.");
  }
  return show_share(call);
}

Reply reject_share(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::string reason = body.required_text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto found = share_to_judge(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& known = std::get<KnownShare>(found);
  if (known.share.approval) return refused(409, "The share is approved.", {"Revoke it."});

  call.ports.log.append(revocation_of(call, known, "rejected", reason));
  call.ports.shares.revoke(known.share.id, reason, call.now);
  return show_share(call);
}

}  // namespace sekisho::staff
