// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "audit/audit_log.h"
#include "core/time.h"
#include "disclosure/denial_ledger.h"

namespace sekisho::disclosure {

/// Puts on record who was refused, whoever refuses: the door, a service, a part of what is sent.
/// A flood of it costs twenty entries a minute and one that counts the rest (DenialLedger). Any
/// thread may call any method.
class Denials {
 public:
  /// `log` outlives this.
  Denials(audit::AuditLog& log, core::Clock clock) : log_(log), clock_(std::move(clock)) {}

  /// On return the refusal is durable or counted: as with a hit, no answer leaves before. `event`
  /// says who, of what and why; that it is a denial is said here. Throws audit::AuditError.
  void record(audit::Event event);
  /// Puts on record what was counted in a minute that is over: to be called every second or so.
  void record_repeated();
  /// The same for what was counted so far: before the log's last entry.
  void record_all_repeated();

 private:
  void record(const std::vector<DenialLedger::Repeated>& repeated);

  audit::AuditLog& log_;
  const core::Clock clock_;
  DenialLedger ledger_;
};

}  // namespace sekisho::disclosure
