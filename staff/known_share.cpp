// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/known_share.h"

#include "core/database_error.h"
#include "staff/resolved_profile.h"
#include "staff/scope.h"

namespace sekisho::staff {

using sharing::Permission;
using sharing::Share;

KnownShare with_recipient(const Call& call, Share share) {
  auto recipient = call.ports.recipients.find(share.recipient);
  if (!recipient) throw core::DatabaseError("sharing.db holds a share of nobody");
  return {std::move(share), *std::move(recipient)};
}

std::optional<KnownShare> share_of(const Call& call) {
  const auto id = sharing::ShareId::parse(call.ids.front());
  auto share = id ? call.ports.shares.find(*id) : std::nullopt;
  if (!share) return std::nullopt;
  return with_recipient(call, *std::move(share));
}

Reply no_such_share() { return refused(404, "There is no such share."); }

Json::Value names_of(const sharing::Permissions& permissions) {
  Json::Value names = Json::arrayValue;
  for (const Permission permission : sharing::kPermissions) {
    if (allows(permissions, permission)) names.append(std::string(name(permission)));
  }
  return names;
}

std::string in_words(const sharing::Permissions& permissions) {
  std::string words;
  for (const Json::Value& name : names_of(permissions)) {
    words += (words.empty() ? "" : " ") + name.asString();
  }
  return words;
}

Json::Value resolved_profile_of(const Share& share) {
  const auto profile = anonymization::Profile::from_json(share.profile_json.str());
  return profile ? resolved_profile_json(ResolvedProfile::of(*profile)) : Json::Value();
}

Json::Value to_json(const KnownShare& known, const Call& call, const Json::Value& profile) {
  const Share& share = known.share;
  Json::Value json;
  json["ID"] = share.id.text();
  json["Recipient"] = share.recipient.text();
  if (!share.person.empty()) {
    json["Person"] = share.person;
    const auto id = access::PersonId::parse(share.person);
    const auto person = id ? call.ports.access.people->find(*id) : std::nullopt;
    if (person && person->disabled_at) {
      json["PersonDisabledAt"] = core::to_rfc3339(*person->disabled_at);
    }
  }
  json["Scope"] = scope_json(share.scope);
  json["Profile"] = share.profile_name;
  if (!profile.isNull()) json["ResolvedProfile"] = profile;
  json["Permissions"] = names_of(share.permissions);
  json["Assurance"] = std::string(name(share.assurance));
  json["NotBefore"] = core::to_rfc3339(share.not_before);
  json["ExpiresAt"] = core::to_rfc3339(share.expires_at);
  for (const sharing::Extension& extension : share.extensions) {
    Json::Value& made = json["Extensions"].append(Json::objectValue);
    made["ExpiresAt"] = core::to_rfc3339(extension.expires_at);
    made["ExtendedAt"] = core::to_rfc3339(extension.extended_at);
    made["ExtendedBy"] = extension.extended_by;
    made["Reason"] = extension.reason;
  }
  if (share.max_sessions) json["MaxSessions"] = *share.max_sessions;
  json["Purpose"] = share.purpose;
  json["IntendedUse"] = std::string(name(share.intended_use));
  json["CreatedAt"] = core::to_rfc3339(share.created_at);
  json["CreatedBy"] = share.created_by;
  json["MarkPictures"] = share.marks_pictures;
  json["NeedsApproval"] = share.needs_approval;
  if (share.approval) {
    json["ApprovedAt"] = core::to_rfc3339(share.approval->approved_at);
    json["ApprovedBy"] = share.approval->approved_by;
  }
  json["Status"] = std::string(name(status(share, known.recipient, call.now)));
  if (!share.approved_series.empty()) {
    json["ApprovedSeries"] = objects_json(sharing::SeriesScope{share.approved_series});
  }
  if (share.revoked_at) {
    json["RevokedAt"] = core::to_rfc3339(*share.revoked_at);
    json["RevokeReason"] = share.revoke_reason;
  }
  if (share.key_destroyed_at) json["KeyDestroyedAt"] = core::to_rfc3339(*share.key_destroyed_at);
  json["DicomWebRoot"] =
      call.ports.options.public_url + "/shares/" + share.id.text() + "/dicom-web";
  return json;
}

Json::Value to_json(const KnownShare& known, const Call& call) {
  return to_json(known, call, resolved_profile_of(known.share));
}

audit::Event event_about(const Call& call, audit::EventCode code, const KnownShare& known) {
  const Share& share = known.share;
  audit::Event event = staff_event(call, code, known.recipient);
  event.share_id = share.id.text();
  event.intended_use = name(share.intended_use);
  event.objects = objects_of(share.scope);
  return event;
}

}  // namespace sekisho::staff
