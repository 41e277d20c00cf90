// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/profiles/profile_catalogue.h"
#include "audit/proof/cosignature.h"
#include "sharing/consent.h"
#include "staff/caller.h"

namespace sekisho::staff {

/// Whose cosignatures prove how old the access log's entries are.
struct AgeWitnesses {
  std::vector<audit::CosignatureVerifier> keys;
  std::size_t quorum = 0;  ///< so many of them must have cosigned one checkpoint
};

/// What the hospital has settled for its staff. A value.
struct Options {
  std::string institution;  ///< what it is called; may be empty
  std::string contact;      ///< who helps recipients, and how to reach them; may be empty
  std::string public_url;   ///< of the recipient door: "https://share.hospital.example"
  std::chrono::days default_expiry{90};
  std::chrono::days maximum_expiry{365};
  std::chrono::seconds undo_window{0};  ///< a new share opens for nobody before it is over
  bool requires_approval = false;       ///< of every new share, by somebody else than its maker
  anonymization::ProfileCatalogue profiles;
  std::string default_profile = "ps3.15-basic";
  anonymization::PixelPolicy pixel_policy;
  CallerRules callers;
  sharing::ConsentRule consents = sharing::ConsentRule::not_required;
  std::string identity_issuer;  ///< of the identity provider; empty where none is configured
  std::optional<AgeWitnesses> witnesses;  ///< `nullopt`: nothing proves an age
};

}  // namespace sekisho::staff
