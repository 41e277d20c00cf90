// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/steady_clock.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "core/x509.h"
#include "sharing/authority_files.h"
#include "sharing/vouching.h"

namespace sekisho::sharing {

/// One of those that the configuration trusts to say who a client is.
struct ClientAuthority {
  std::string subject;  ///< RFC 2253
  core::Sha256 key{};   ///< of its SubjectPublicKeyInfo: what a rule names it by
  core::Time not_after;
  std::optional<core::Time> lists_until;  ///< of the newest revocation list that it has signed
};

/// The authorities of the configuration and their revocation lists, as the files are: they are read
/// again once one of them has changed. Any thread may call any method, which reads files at most
/// ten times a second.
class ClientAuthorities {
 public:
  ClientAuthorities(ClientAuthorityFiles files, core::Clock clock, core::Log report);
  ~ClientAuthorities();
  ClientAuthorities(const ClientAuthorities&) = delete;
  ClientAuthorities& operator=(const ClientAuthorities&) = delete;

  /// Throws core::SetupTrouble where the file of authorities cannot be used. Other trouble is told,
  /// and refuses certificates.
  void open();
  /// Reads what has changed. The operator is told once of each thing that is wrong from then on.
  void look();

  /// What they say of it at `now`. Denial::unknown_authority is that they know nothing of it. Once
  /// the file of authorities is found unusable, nobody who is of those that it had is let in.
  Vouching judge(const core::CertificateChain& shown, core::Time now);

  std::vector<ClientAuthority> list() const;
  /// What is wrong, in sentences for staff and operators.
  std::vector<std::string> problems() const;
  /// DER of their subjects. Reads no file.
  std::shared_ptr<const std::vector<core::Bytes>> subjects() const;

 private:
  struct Known;
  std::shared_ptr<const Known> known() const;
  std::shared_ptr<const Known> known_lately();

  const ClientAuthorityFiles files_;
  const core::Clock clock_;
  const core::Log report_;

  mutable core::Mutex mutex_;
  std::shared_ptr<const Known> known_ SEKISHO_GUARDED_BY(mutex_);  ///< never null
  core::SteadyClock::time_point looked_at_ SEKISHO_GUARDED_BY(mutex_);
  std::vector<std::string> told_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::sharing
