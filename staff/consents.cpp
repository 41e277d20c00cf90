// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/consents.h"

#include <algorithm>

#include "core/database_error.h"
#include "staff/known_share.h"
#include "staff/lists.h"
#include "staff/revocations.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::Consent;
using sharing::ConsentId;
using sharing::ConsentStore;

constexpr std::size_t kLongestReference = 200;

std::string path_of(const Consent& consent) { return "/consents/" + consent.id.text(); }

Json::Value to_json(const Call& call, const Consent& consent) {
  Json::Value json;
  json["ID"] = consent.id.text();
  json["PatientID"] = consent.patient_id;
  json["Purpose"] = consent.purpose;
  json["ValidFrom"] = core::to_rfc3339(consent.valid_from);
  json["ValidUntil"] = core::to_rfc3339(consent.valid_until);
  json["ObtainedBy"] = consent.obtained_by;
  json["Reference"] = consent.reference;
  json["CreatedAt"] = core::to_rfc3339(consent.created_at);
  json["CreatedBy"] = consent.created_by;
  json["Status"] = std::string(name(status(consent, call.now)));
  if (consent.withdrawn_at) {
    json["WithdrawnAt"] = core::to_rfc3339(*consent.withdrawn_at);
    json["WithdrawnBy"] = consent.withdrawn_by;
    json["WithdrawReason"] = consent.withdraw_reason;
  }
  return json;
}

/// With what its withdrawal has ended.
Json::Value to_whole_json(const Call& call, const Consent& consent) {
  Json::Value json = to_json(call, consent);
  if (!consent.withdrawn_at) return json;
  json["EndedShares"] = Json::arrayValue;
  for (const sharing::ShareId& id : call.ports.consents.ended_shares(consent.id)) {
    json["EndedShares"].append(id.text());
  }
  return json;
}

Json::Value list_json(const Call& call, const std::vector<Consent>& consents) {
  Json::Value json = Json::arrayValue;
  for (const Consent& consent : consents) json.append(to_json(call, consent));
  return json;
}

Consent read_consent(const Call& call, RequestProblems& problems) {
  BodyReader body(call.body, problems);
  Consent consent;
  consent.id = ConsentId::random();
  consent.patient_id = body.required_text("PatientID", kLongestPatientId).value_or("");
  consent.purpose = body.required_text("Purpose", kLongestReference).value_or("");
  if (!consent.purpose.empty() && !sharing::is_purpose_code(consent.purpose)) {
    body.complain("Purpose",
                  "must be a code of 1 to 64 letters, digits, '.', '_' and '-', such as \"TREAT\"");
  }
  consent.valid_from = body.time("ValidFrom").value_or(call.now);
  const auto until = body.require("ValidUntil").time("ValidUntil");
  if (until && (*until <= consent.valid_from || *until <= call.now)) {
    body.complain("ValidUntil", "must lie behind \"ValidFrom\" and in the future");
  }
  consent.valid_until = until.value_or(call.now);
  consent.obtained_by = body.required_text("ObtainedBy", kLongestName).value_or("");
  consent.reference = body.text("Reference", kLongestReference).value_or("");
  body.refuse_the_rest();
  consent.created_at = call.now;
  consent.created_by = call.actor;
  return consent;
}

audit::Event event_about(const Call& call, EventCode code, const Consent& consent) {
  audit::Event event = staff_event(call, code);
  event.objects.push_back({consent.patient_id, "", "", ""});
  event.facts["consent"] = consent.id.text();
  event.facts["purpose"] = consent.purpose;
  return event;
}

std::optional<Consent> consent_of(const Call& call) {
  const auto id = ConsentId::parse(call.ids.front());
  return id ? call.ports.consents.find(*id) : std::nullopt;
}

Reply no_such_consent() { return refused(404, "There is no such consent."); }

/// On return the end of each of `shares` is on record.
void record_ends(const Call& call, const Consent& consent, const std::string& reason,
                 const std::vector<sharing::ShareId>& shares) {
  if (shares.empty()) return;
  std::vector<audit::Event> events;
  for (const sharing::ShareId& id : shares) {
    auto share = call.ports.shares.find(id);
    if (!share) throw core::DatabaseError("sharing.db has lost a share");
    audit::Event& event = events.emplace_back(
        revocation_of(call, with_recipient(call, *std::move(share)), "consent", reason));
    event.facts["consent"] = consent.id.text();
  }
  call.ports.log.append(events);
}

}  // namespace

Reply create_consent(const Call& call) {
  RequestProblems problems;
  const Consent consent = read_consent(call, problems);
  if (!problems.empty()) return invalid(problems);
  audit::Event event = event_about(call, EventCode::consent_create, consent);
  event.facts["valid_from"] = core::to_rfc3339(consent.valid_from);
  event.facts["valid_until"] = core::to_rfc3339(consent.valid_until);
  event.purpose = consent.obtained_by;
  if (!consent.reference.empty()) event.purpose += ": " + consent.reference;
  call.ports.log.append(event);
  if (!call.ports.consents.insert(consent, call.creation_key)) return made_meanwhile();
  return created(to_json(call, consent), path_of(consent));
}

Reply show_made_consent(const Call& call, const std::string& id) {
  const auto consent = call.ports.consents.find(ConsentId::parse(id).value());
  return shown_again(to_whole_json(call, consent.value()), path_of(*consent));
}

Reply list_consents(const Call& call) {
  RequestProblems problems;
  sharing::ConsentFilter filter;
  read_page(call, call.ports.consents, filter, problems);
  if (const auto found = call.query.find("status"); found != call.query.end()) {
    filter.status = sharing::parse_consent_status(found->second);
    if (!filter.status) {
      problems.emplace_back(
          "\"status\" must be \"pending\", \"valid\", \"expired\" or \"withdrawn\".");
    }
  }
  if (!problems.empty()) return invalid(problems);
  auto consents = call.ports.consents.list(filter, call.now);
  Json::Value json;
  end_page(filter.limit, consents, json);
  json["Consents"] = list_json(call, consents);
  return answered(200, json);
}

Reply search_consents(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  sharing::ConsentFilter filter;
  filter.patient_id = body.required_text("PatientID", kLongestPatientId);
  filter.order = sharing::ListOrder::newest_first;
  filter.limit = sharing::kMostListed;
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  Json::Value json;
  json["Consents"] = list_json(call, call.ports.consents.list(filter, call.now));
  return answered(200, json);
}

Reply show_consent(const Call& call) {
  const auto consent = consent_of(call);
  return consent ? answered(200, to_whole_json(call, *consent)) : no_such_consent();
}

Reply withdraw_consent(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::string reason = body.required_text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  const auto consent = consent_of(call);
  if (!consent) return no_such_consent();
  if (consent->withdrawn_at) return answered(200, to_whole_json(call, *consent));

  audit::Event event = event_about(call, EventCode::consent_withdraw, *consent);
  event.purpose = reason;
  call.ports.log.append(event);
  std::vector<sharing::ShareId> recorded;
  // Again only where somebody shares in this very moment.
  for (auto outcome = ConsentStore::Withdrawal::ends_more;
       outcome == ConsentStore::Withdrawal::ends_more;) {
    auto ended = call.ports.consents.ended_without(consent->id, call.now);
    std::erase_if(ended, [&](const sharing::ShareId& id) {
      return std::ranges::find(recorded, id) != recorded.end();
    });
    record_ends(call, *consent, reason, ended);
    recorded.insert(recorded.end(), ended.begin(), ended.end());
    outcome = call.ports.consents.withdraw(consent->id, {call.now, call.actor, reason}, recorded);
  }
  return show_consent(call);
}

}  // namespace sekisho::staff
