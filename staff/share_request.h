// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "anonymization/profiles/profile.h"
#include "sharing/share.h"
#include "staff/call.h"
#include "staff/scope.h"

namespace sekisho::staff {

/// The body of POST /shares, read, with defaults filled in; nothing is looked up yet.
struct ShareRequest {
  sharing::RecipientId recipient;
  std::string person;  ///< an id; empty: for all of the recipient
  ScopeRequest scope;
  anonymization::Profile profile = anonymization::Profile::none();
  sharing::Permissions permissions;
  sharing::Assurance assurance = sharing::Assurance::password;
  bool needs_approval = false;
  core::Time not_before;  ///< not within the undo window
  core::Time expires_at;
  std::optional<int> max_sessions;
  bool marks_pictures = false;
  std::string purpose;
  sharing::IntendedUse intended_use = sharing::IntendedUse::reference;
  std::optional<std::string> acknowledgement;  ///< of residual risks: what the preview returned
};

/// The body of POST /shares/preview.
struct PreviewRequest {
  ShareRequest share;
  std::optional<core::Uid> instance;  ///< whose elements are shown; else the first one's
};

/// To be used only if nothing was added to `problems`.
ShareRequest read_share_request(const Call& call, RequestProblems& problems);
PreviewRequest read_preview_request(const Call& call, RequestProblems& problems);

/// What the body asks for as "Permissions"; `otherwise` where it says nothing of them.
sharing::Permissions read_permissions(BodyReader& body, const sharing::Permissions& otherwise);

/// When a new share begins and ends, from "NotBefore" and "ExpiresAt".
void read_term(BodyReader& body, const Call& call, ShareRequest& request);

/// What the body asks for as "Profile", or the configured default: as the catalogue takes it.
std::string requested_profile(const Call& call);

}  // namespace sekisho::staff
