// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/shares.h"

#include <unordered_map>

#include "sharing/bearer.h"
#include "staff/known_share.h"
#include "staff/lists.h"
#include "staff/looks.h"
#include "staff/residual_risks.h"
#include "staff/resolved_profile.h"
#include "staff/share_request.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using sharing::RecipientId;
using sharing::Share;
using sharing::ShareId;

Share new_share(const Call& call, ShareRequest request, sharing::Scope scope,
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

audit::Event creation_of(const Call& call, const KnownShare& known,
                         std::vector<audit::StudyWords> words, const ResolvedProfile& profile) {
  const Share& share = known.share;
  audit::Event event = event_about(call, EventCode::share_create, known);
  event.purpose = share.purpose;
  event.studies = std::move(words);
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

/// What the recipient gets. A secret only where it opens something: a lost letter of any other
/// share opens nothing.
void add_link(Json::Value& json, const Call& call, const Share& share,
              const sharing::NewBearer& link) {
  const std::string address = call.ports.options.public_url + "/s/" + share.id.text();
  if (share.assurance == sharing::Assurance::link) {
    json["Link"] = address + '#' + link.text;
    json["LinkToken"] = link.text;
    json["HowToOpen"] =
        "A DICOMweb viewer opens DicomWebRoot with LinkToken as its bearer token, from the "
        "recipient's networks. Link has no page in this version.";
  } else {
    json["Link"] = address;
    json["HowToOpen"] =
        "A DICOMweb viewer opens DicomWebRoot with a token or client certificate of the recipient, "
        "from the recipient's networks. Link has no page in this version.";
  }
}

std::string path_of(const Share& share) { return "/shares/" + share.id.text(); }

}  // namespace

Reply create_share(const Call& call) {
  RequestProblems problems;
  ShareRequest request = read_share_request(call, problems);
  if (!problems.empty()) return invalid(problems);
  auto recipient = call.ports.recipients.find(request.recipient);
  if (!recipient) return refused(404, "There is no such recipient.");
  if (recipient->disabled_at) return refused(409, "The recipient is disabled.");
  auto begun = begin_look(call, disclosure::LookFor::creation, recipient->id);
  if (auto* refusal = std::get_if<Reply>(&begun)) return std::move(*refusal);
  auto& look = std::get<disclosure::Look>(begun);
  core::DicomStore& store = call.ports.store;
  auto found = find_scope(request.scope, call.ports, look.demand());
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  auto& [scope, content] = std::get<FoundScope>(found);
  const Assessing by{request.profile, call.ports.options.pixel_policy, call.ports.verdicts};
  const auto risks = assess(content, by, store, look).risks;
  const auto needed = acknowledgement_of(call, request, scope, risks);
  if (!risks.empty() && !is_same(needed, request.acknowledgement)) return unacknowledged(risks);

  const auto profile = ResolvedProfile::of(request.profile);
  const auto link = sharing::new_bearer(sharing::BearerKind::link);
  const KnownShare made{new_share(call, std::move(request), std::move(scope), link),
                        *std::move(recipient)};
  audit::Event creation =
      creation_of(call, made, words_of(made.share.scope, content, store, look.demand()), profile);
  if (!risks.empty()) creation.facts["risks"] = codes_of(risks);
  call.ports.log.append(creation);
  if (!call.ports.shares.insert(made.share, sharing::new_mask_key(), call.creation_key)) {
    return made_meanwhile();
  }
  Json::Value json = to_json(made, call, resolved_profile_json(profile));
  add_link(json, call, made.share, link);
  return created(json, path_of(made.share));
}

Reply show_made_share(const Call& call, const std::string& id) {
  auto share = call.ports.shares.find(ShareId::parse(id).value());
  const KnownShare known = with_recipient(call, std::move(share).value());
  return shown_again(to_json(known, call), path_of(known.share));
}

Reply list_shares(const Call& call) {
  RequestProblems problems;
  sharing::ShareFilter filter;
  read_page(call, call.ports.shares, filter, problems);
  if (call.query.contains("recipient")) {
    filter.recipient = query_id<RecipientId>(call, "recipient", "a recipient's ID", problems);
  }
  if (const auto found = call.query.find("patient"); found != call.query.end()) {
    filter.patient_id = found->second;
  }
  if (const auto found = call.query.find("study"); found != call.query.end()) {
    filter.study = core::Uid::parse(found->second);
    if (!filter.study) problems.emplace_back("\"study\" must be a StudyInstanceUID.");
  }
  if (const auto found = call.query.find("status"); found != call.query.end()) {
    filter.status = sharing::parse_status(found->second);
    if (!filter.status) {
      problems.emplace_back(
          "\"status\" must be \"pending\", \"live\", \"suspended\", \"expired\" or \"revoked\".");
    }
  }
  if (!problems.empty()) return invalid(problems);
  if (filter.study) {
    for (const core::StudyKey& key : call.ports.store.find_studies(*filter.study)) {
      filter.patients_of_study.push_back(key.patient_id);
    }
  }
  auto shares = call.ports.shares.list(filter, call.now);
  Json::Value json;
  end_page(filter.limit, shares, json);
  json["Shares"] = Json::arrayValue;
  // By what is stored: few, and slow to read.
  std::unordered_map<core::SharedText, Json::Value> profiles;
  for (Share& share : shares) {
    const auto [profile, is_new] = profiles.try_emplace(share.profile_json);
    if (is_new) profile->second = resolved_profile_of(share);
    json["Shares"].append(to_json(with_recipient(call, std::move(share)), call, profile->second));
  }
  return answered(200, json);
}

Reply show_share(const Call& call) {
  const auto known = share_of(call);
  return known ? answered(200, to_json(*known, call)) : no_such_share();
}

}  // namespace sekisho::staff
