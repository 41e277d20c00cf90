// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "access/open_stores.h"
#include "anonymization/pixels/verdicts.h"
#include "audit/audit_log.h"
#include "audit/keeping/keeping.h"
#include "audit/place.h"
#include "core/dicom_store.h"
#include "core/resource_id.h"
#include "core/secret.h"
#include "core/study_search.h"
#include "core/time.h"
#include "disclosure/denials.h"
#include "disclosure/looks.h"
#include "returns/quarantine.h"
#include "sharing/consent_store.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "staff/options.h"
#include "staff/system_state.h"

namespace sekisho::sharing {
class ClientAuthorities;
}

namespace sekisho::staff {

/// What the staff API works on; all of it outlives the API.
struct Ports {
  const Options& options;
  core::DicomStore& store;
  core::ResourceNames names;  ///< of what that store holds
  sharing::RecipientStore& recipients;
  sharing::ShareStore& shares;
  sharing::ConsentStore& consents;
  access::Stores& access;
  audit::AuditLog& log;
  disclosure::Denials& denials;
  audit::Keeping& keeping;
  disclosure::Looks& looks;
  returns::Quarantine& quarantine;
  audit::AuditPlace log_place;  ///< where that log lives, to be read beside it
  core::Clock clock;
  std::function<SystemState()> state;  ///< how everything stands now
  /// Drops what is in memory of a share's key, after the store has destroyed it.
  std::function<void(const sharing::ShareId&)> forget_key;
  /// What was found out about files before; null: nothing is kept.
  const anonymization::Verdicts* verdicts = nullptr;
  /// Of the certificates that clients show; null where none are configured.
  sharing::ClientAuthorities* authorities = nullptr;
  core::FindStudies find_studies{};  ///< in that store
  /// Signs what a preview has shown, for as long as this process runs.
  core::Secret preview_key = core::Secret::random(32);
};

}  // namespace sekisho::staff
