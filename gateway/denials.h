// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/denial_ledger.h"
#include "gateway/ports.h"
#include "http/handler.h"
#include "sharing/authenticate.h"
#include "sharing/denial.h"

namespace sekisho::gateway {

/// How the door refuses: one and the same 404 whatever the reason, after an entry in the audit log.
/// Any thread may call any method; calls block and throw audit::AuditError.
class Denials {
 public:
  /// `ports` outlives this.
  explicit Denials(const Ports& ports) : ports_(ports) {}

  /// `who` is null where nobody was identified; `share` is the id in the path, where there is one.
  http::Response refuse(sharing::Denial denial, const http::Request& request,
                        const http::Peer& peer, std::string_view share,
                        const sharing::Authenticated* who);
  /// Puts on record what the ledger counted in a minute that is over.
  void record_repeated();
  /// The same for what it counted so far.
  void record_all_repeated();

 private:
  void record(const std::vector<DenialLedger::Repeated>& repeated);

  const Ports& ports_;
  DenialLedger ledger_;
};

}  // namespace sekisho::gateway
