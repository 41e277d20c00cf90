// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "access/open_stores.h"
#include "access/password_hasher.h"
#include "anonymization/pixels/verdicts.h"
#include "audit/audit_log.h"
#include "audit/export/repository_feed.h"
#include "audit/keeping/keeping.h"
#include "core/cache_file.h"
#include "dicomweb/service.h"
#include "disclosure/denials.h"
#include "disclosure/looks.h"
#include "mail/postman.h"
#include "openid/provider.h"
#include "plugin/config.h"
#include "plugin/correspondence.h"
#include "plugin/data_directory.h"
#include "plugin/door.h"
#include "plugin/orthanc_store.h"
#include "plugin/rounds.h"
#include "plugin/sdk.h"
#include "plugin/share_expiries.h"
#include "plugin/witnesses.h"
#include "returns/inspector.h"
#include "returns/open_quarantine.h"
#include "sharing/client_authorities.h"
#include "sharing/open_stores.h"
#include "staff/api.h"
#include "staff/system_state.h"

namespace sekisho::plugin {

/// All that lives from OrthancStarted to OrthancStopped, in the order in which each needs the one
/// before it.
class Running {
 public:
  /// Opens everything; the door may be shut all the same. Throws what stops it:
  /// core::SetupTrouble, audit::AuditError, sharing::MaskKeyError, access::AccessKeyError,
  /// core::DatabaseError, core::StoreError.
  Running(const Config& config, const Sdk& sdk);

  /// Drains the door and puts the end on record.
  void close();

  OrthancStore& store() { return store_; }
  const staff::Api& staff() const { return staff_; }
  /// What has been opened, in a line for Orthanc's log.
  std::string summary() const;

 private:
  disclosure::Ports ports(const Config& config);
  staff::SystemState state() const;
  gateway::Ports door_ports();

  DataDirectory directory_;
  SpoolDirectory spool_;
  core::Clock clock_;
  core::Log report_;
  audit::AuditLog log_;
  audit::Keeping keeping_;
  sharing::Stores sharing_;
  access::Stores access_;
  std::unique_ptr<sharing::ClientAuthorities> authorities_;  ///< null where none are configured
  access::PasswordHasher hasher_;
  core::CacheFile cache_;
  anonymization::Verdicts verdicts_;
  OrthancStore store_;
  core::MemoryBudget memory_;
  disclosure::Denials denials_;
  disclosure::Looks looks_;
  std::unique_ptr<returns::Quarantine> quarantine_;
  returns::Inspector inspector_;
  dicomweb::Service dicomweb_;
  staff::Api staff_;
  std::unique_ptr<audit::RepositoryFeed> repository_;  ///< null where none is configured
  std::unique_ptr<Witnesses> witnesses_;               ///< null where none are configured
  std::unique_ptr<mail::Postman> postman_;             ///< null where no mail server is configured
  std::unique_ptr<openid::Provider> provider_;         ///< null where none is configured
  Correspondence correspondence_;
  ShareExpiries expiries_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<Rounds> rounds_;
  // Of servers that are slow; null where there are none.
  std::unique_ptr<Rounds> mail_rounds_;
  std::unique_ptr<Rounds> provider_rounds_;
  std::unique_ptr<Rounds> return_rounds_;
};

}  // namespace sekisho::plugin
