// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/shares.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sharing/bearer.h"
#include "staff/consent_rule.h"
#include "staff/known_share.h"
#include "staff/lists.h"
#include "staff/looks.h"
#include "staff/people.h"
#include "staff/recipient_body.h"
#include "staff/residual_risks.h"
#include "staff/resolved_profile.h"
#include "staff/revocations.h"
#include "staff/scope_content.h"
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
  share.person = request.person;
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
  share.needs_approval = request.needs_approval;
  share.marks_pictures = request.marks_pictures;
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
  if (!share.person.empty()) event.facts["person"] = share.person;
  if (share.needs_approval) event.facts["approval"] = "needed";
  if (share.marks_pictures) event.facts["pictures"] = "marked";
  event.facts["permissions"] = in_words(share.permissions);
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
        "Link opens in a browser from the recipient's networks, and whoever has it is let in. A "
        "DICOMweb viewer opens DicomWebRoot with LinkToken as its bearer token.";
  } else if (!share.person.empty()) {
    json["Link"] = address;
    json["HowToOpen"] =
        "Link opens in a browser from the recipient's networks, and the person signs in there. "
        "Nobody else of the recipient opens it, and no token.";
  } else {
    json["Link"] = address;
    json["HowToOpen"] =
        "Link opens in a browser from the recipient's networks, where people sign in. A DICOMweb "
        "viewer opens DicomWebRoot with a token or client certificate of the recipient.";
  }
}

std::string path_of(const Share& share) { return "/shares/" + share.id.text(); }

/// The recipient that a new share is for, if the share may be made.
std::variant<sharing::Recipient, Reply> recipient_for(const Call& call,
                                                      const ShareRequest& request) {
  if (request.needs_approval) {
    if (auto refusal = refuse_nameless(call)) return *std::move(refusal);
  }
  auto recipient = call.ports.recipients.find(request.recipient);
  if (!recipient) return refused(404, "There is no such recipient.");
  if (recipient->disabled_at) return refused(409, "The recipient is disabled.");
  if (!request.person.empty()) {
    auto person = person_of(call, *recipient, request.person);
    if (auto* refusal = std::get_if<Reply>(&person)) return std::move(*refusal);
    if (std::get<access::Person>(person).disabled_at) {
      return refused(409, "The person is disabled.");
    }
  }
  return *std::move(recipient);
}

/// What a share says of a new one like it. `nullopt` where its profile cannot be read.
std::optional<ShareRequest> request_like(const Share& share, const Call& call) {
  auto profile = anonymization::Profile::from_json(share.profile_json.str());
  if (!profile) return std::nullopt;
  ShareRequest request;
  request.recipient = share.recipient;
  request.person = share.person;
  request.profile = *std::move(profile);
  request.permissions = share.permissions;
  request.assurance = share.assurance;
  request.needs_approval = share.needs_approval || call.ports.options.requires_approval;
  request.max_sessions = share.max_sessions;
  request.marks_pictures = share.marks_pictures;
  request.purpose = share.purpose;
  request.intended_use = share.intended_use;
  return request;
}

/// The share that a new one takes the place of.
struct Replaced {
  const KnownShare& known;
  bool ends = false;  ///< as soon as the new one is on record
  std::string reason{};
};

/// Looks at what a new share would show, puts the share on record, then on disk, and tells of it
/// and its link.
Reply make_share(const Call& call, ShareRequest request, sharing::Recipient recipient,
                 FoundScope found, disclosure::Look& look,
                 const std::optional<Replaced>& replaced) {
  const core::Time begin = std::max(call.now, request.not_before);
  auto basis = consents_to(call, found.scope, request.purpose, begin);
  if (auto* refusal = std::get_if<Reply>(&basis)) return std::move(*refusal);
  const Assessing by{request.profile, call.ports.options.pixel_policy, call.ports.verdicts};
  const auto risks = assess(found.content, by, call.ports.store, look).risks;
  const auto needed = acknowledgement_of(call, request, found.scope, risks);
  if (!risks.empty() && !is_same(needed, request.acknowledgement)) {
    return replaced ? unacknowledged("share", risks, needed) : unacknowledged(risks);
  }
  const auto consents = std::get<ConsentBasis>(std::move(basis));
  request.expires_at = std::min(request.expires_at, consents.latest_end);
  const auto profile = ResolvedProfile::of(request.profile);
  const auto link = sharing::new_bearer(sharing::BearerKind::link);
  const KnownShare made{new_share(call, std::move(request), std::move(found.scope), link),
                        std::move(recipient)};
  auto words = words_of(made.share.scope, found.content, call.ports.store, look.demand());
  std::vector<audit::Event> events{creation_of(call, made, std::move(words), profile)};
  if (!risks.empty()) events.front().facts["risks"] = codes_of(risks);
  if (!consents.ids.empty()) events.front().facts["consents"] = ids_of(consents);
  if (replaced) {
    events.front().facts["reissue_of"] = replaced->known.share.id.text();
    if (replaced->ends) {
      events.push_back(revocation_of(call, replaced->known, "reissued", replaced->reason));
    }
  }
  Json::Value look_alikes = to_json(call.ports.recipients.look_alikes(made.recipient));
  call.ports.log.append(events);
  // The old one first: whoever is cut off between the two has shared once at the most.
  if (replaced && replaced->ends) {
    call.ports.shares.revoke(replaced->known.share.id, replaced->reason, call.now);
  }
  if (!call.ports.shares.insert(made.share, sharing::new_mask_key(), call.creation_key,
                                call.ports.options.consents)) {
    basis = consents_to(call, made.share.scope, made.share.purpose, begin);
    return std::holds_alternative<Reply>(basis) ? std::get<Reply>(basis) : made_meanwhile();
  }
  Json::Value json = to_json(made, call, resolved_profile_json(profile));
  add_link(json, call, made.share, link);
  json["LookAlikes"] = std::move(look_alikes);
  return created(json, path_of(made.share));
}

}  // namespace

Reply create_share(const Call& call) {
  RequestProblems problems;
  ShareRequest request = read_share_request(call, problems);
  if (!problems.empty()) return invalid(problems);
  auto recipient = recipient_for(call, request);
  if (auto* refusal = std::get_if<Reply>(&recipient)) return std::move(*refusal);
  auto begun = begin_look(call, disclosure::LookFor::creation, request.recipient);
  if (auto* refusal = std::get_if<Reply>(&begun)) return std::move(*refusal);
  auto& look = std::get<disclosure::Look>(begun);
  auto found = find_scope(request.scope, call.ports, look.demand());
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  return make_share(call, std::move(request), std::get<sharing::Recipient>(std::move(recipient)),
                    std::get<FoundScope>(std::move(found)), look, std::nullopt);
}

Reply reissue_share(const Call& call) {
  auto known = share_of(call);
  if (!known) return no_such_share();
  const Share& share = known->share;
  auto like = request_like(share, call);
  if (!like) return refused(409, "The profile of the share cannot be read.", {"Share anew."});
  RequestProblems problems;
  BodyReader body(call.body, problems);
  ShareRequest& request = *like;
  read_term(body, call, request);
  Replaced replaced{*known};
  if (body.flag("RevokeOld").value_or(false)) {
    replaced.reason = body.text("Reason", kLongestReason).value_or("");
    replaced.ends = !is_over(status(share, known->recipient, call.now));
  }
  request.acknowledgement = body.text("Acknowledgement", kLongestAcknowledgement);
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  auto recipient = recipient_for(call, request);
  if (auto* refusal = std::get_if<Reply>(&recipient)) return std::move(*refusal);
  auto begun = begin_look(call, disclosure::LookFor::creation, request.recipient);
  if (auto* refusal = std::get_if<Reply>(&begun)) return std::move(*refusal);
  auto& look = std::get<disclosure::Look>(begun);
  auto found = content_of(share.scope, call.ports, look.demand());
  if (auto* refusal = std::get_if<Reply>(&found)) return std::move(*refusal);
  return make_share(call, std::move(request), std::get<sharing::Recipient>(std::move(recipient)),
                    std::get<FoundScope>(std::move(found)), look, replaced);
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
  if (call.query.contains("person")) {
    filter.person = query_id<access::PersonId>(call, "person", "a person's ID", problems).text();
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
          "\"status\" must be \"awaiting\", \"pending\", \"live\", \"suspended\", \"expired\" or "
          "\"revoked\".");
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
