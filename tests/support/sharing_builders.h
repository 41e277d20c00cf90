// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <string_view>

#include "core/time.h"
#include "core/uid.h"
#include "sharing/bearer.h"
#include "sharing/recipient.h"
#include "sharing/share.h"
#include "support/addresses.h"

namespace sekisho::tests {

/// A moment written as "2026-01-31T09:00:00Z".
inline core::Time at(std::string_view rfc3339) {
  const auto time = core::parse_rfc3339(rfc3339);
  assert(time.has_value());
  return *time;
}

inline core::Uid uid(std::string_view text) {
  const auto parsed = core::Uid::parse(text);
  assert(parsed.has_value());
  return *parsed;
}

inline core::StudyKey study_key(std::string_view patient, std::string_view study) {
  return {std::string(patient), uid(study)};
}
inline core::SeriesKey series_key(std::string_view patient, std::string_view study,
                                  std::string_view series) {
  return {study_key(patient, study), uid(series)};
}
inline core::InstanceKey instance_key(std::string_view patient, std::string_view study,
                                      std::string_view series, std::string_view instance) {
  return {series_key(patient, study, series), uid(instance)};
}

/// A clinic that may come from 10.20.0.0/24.
inline sharing::Recipient a_recipient(std::string_view name = "Minato Clinic") {
  sharing::Recipient recipient;
  recipient.id = sharing::RecipientId::random();
  recipient.name = name;
  recipient.organisation = "Minato Medical Association";
  recipient.email = "office@minato.example";
  recipient.networks = {network("10.20.0.0/24")};
  recipient.created_at = at("2026-01-01T00:00:00Z");
  return recipient;
}

/// Study 1.2.3 of patient P1, to view and download in February 2026 with a token.
inline sharing::Share a_share(const sharing::RecipientId& recipient) {
  sharing::Share share;
  share.id = sharing::ShareId::random();
  share.recipient = recipient;
  share.scope = sharing::StudyScope{{study_key("P1", "1.2.3")}};
  share.profile_name = "none";
  share.profile_json = R"({"Name":"none"})";
  share.permissions = {.view = true, .download = true};
  share.not_before = at("2026-02-01T00:00:00Z");
  share.expires_at = at("2026-03-01T00:00:00Z");
  share.purpose = "referral";
  share.link_hash = sharing::new_bearer(sharing::BearerKind::link).hash;
  share.created_at = at("2026-01-15T00:00:00Z");
  share.created_by = "tanaka";
  return share;
}

}  // namespace sekisho::tests
