// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/revocations.h"

#include <utility>
#include <variant>
#include <vector>

#include "staff/people.h"

namespace sekisho::staff {
namespace {

using sharing::Share;
using sharing::ShareFilter;
using sharing::ShareId;

/// That go on record, and end, together.
constexpr int kAtOnce = 100;

/// Of a call that says no more than that.
std::variant<std::string, Reply> reason_of(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  auto reason = body.required_text("Reason", kLongestReason);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return *std::move(reason);
}

Reply revoke_all(const Call& call, ShareFilter filter, std::string_view cause,
                 const std::string& reason) {
  Json::Value json;
  json["Revoked"] = Json::arrayValue;
  filter.without_those_over = true;
  filter.limit = kAtOnce;
  for (;;) {
    auto shares = call.ports.shares.list(filter, call.now);
    if (shares.empty()) return answered(200, json);
    filter.after = shares.back().id;
    std::vector<ShareId> ids;
    std::vector<audit::Event> events;
    for (Share& share : shares) {
      ids.push_back(share.id);
      events.push_back(revocation_of(call, with_recipient(call, std::move(share)), cause, reason));
    }
    call.ports.log.append(events);
    for (const ShareId& id : call.ports.shares.revoke(ids, reason, call.now)) {
      json["Revoked"].append(id.text());
    }
  }
}

}  // namespace

audit::Event revocation_of(const Call& call, const KnownShare& known, std::string_view cause,
                           const std::string& reason) {
  audit::Event event = event_about(call, audit::EventCode::share_revoke, known);
  event.purpose = reason;
  if (!cause.empty()) event.facts["cause"] = cause;
  return event;
}

Reply revoke_shares_of_recipient(const Call& call) {
  const auto reason = reason_of(call);
  if (const auto* refusal = std::get_if<Reply>(&reason)) return *refusal;
  const auto found = recipient_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  return revoke_all(call, {.recipient = std::get<sharing::Recipient>(found).id}, "recipient",
                    std::get<std::string>(reason));
}

Reply revoke_shares_of_person(const Call& call) {
  const auto reason = reason_of(call);
  if (const auto* refusal = std::get_if<Reply>(&reason)) return *refusal;
  const auto found = person_of(call);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [recipient, person] = std::get<Belonging>(found);
  return revoke_all(call, {.recipient = recipient.id, .person = person.id.text()}, "person",
                    std::get<std::string>(reason));
}

Reply revoke_shares_of_patient(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const auto patient = body.required_text("PatientID", kLongestPatientId);
  const auto reason = body.required_text("Reason", kLongestReason);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return revoke_all(call, {.patient_id = patient}, "patient", *reason);
}

}  // namespace sekisho::staff
