// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "audit/audit_log.h"
#include "audit/store/log_reader.h"
#include "core/demand.h"
#include "core/time.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::plugin {

/// Puts on record that shares have expired, once for each, also where the process or the power goes
/// in the midst of it. One thread at a time.
class ShareExpiries {
 public:
  /// What it works on; all of it outlives this.
  struct Ports {
    sharing::ShareStore& shares;
    const sharing::RecipientStore& recipients;
    audit::AuditLog& log;
    core::Clock clock;
  };

  /// `place` is the log's.
  ShareExpiries(Ports ports, const audit::AuditPlace& place);

  /// Of those that have expired by now; the rest of many, or of what there was no more `demand`
  /// for, comes with the next call. Throws audit::AuditError and core::DatabaseError: it is to be
  /// called again then.
  void record(const core::Demand& demand = {});

 private:
  bool is_on_record(const sharing::ShareId& share, std::uint64_t from);
  audit::Event event_of(const sharing::Share& share) const;

  const Ports ports_;
  audit::LogReader reader_;
};

}  // namespace sekisho::plugin
