// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <utility>

#include "access/notice.h"
#include "access/open_stores.h"
#include "access/refusal.h"
#include "audit/audit_log.h"
#include "core/demand.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "disclosure/denials.h"
#include "sharing/recipient_store.h"

namespace sekisho::plugin {

enum class Writes { mail, nothing };

/// Decides whom the door writes to, behind answers that tell nothing of it: who has asked for a
/// link to choose a password, and to whose account something has happened. A link is on record
/// before it is made, and so is why there is none. work() belongs to one thread, any may call the
/// rest.
class Correspondence {
 public:
  /// What it works on; all of it outlives this.
  struct Ports {
    access::Stores& access;
    const sharing::RecipientStore& recipients;
    audit::AuditLog& log;
    disclosure::Denials& denials;
    core::Clock clock;
  };

  /// `public_url` without a slash at its end.
  Correspondence(Ports ports, std::string public_url, Writes writes);

  /// Returns at once; what is noted here is lost with this process.
  void note(const access::PersonId& person, access::Notice notice);

  /// Works at what waits; what there is no more `demand` for waits on. To be called once a second.
  /// Throws audit::AuditError and core::DatabaseError: what it was at waits on.
  void work(const core::Demand& demand);

 private:
  void answer(const access::ResetRequest& request);
  void tell(const access::PersonId& id, access::Notice notice);

  const Ports ports_;
  const std::string public_url_;
  const Writes writes_;

  core::Mutex mutex_;
  std::set<std::pair<access::PersonId, access::Notice>> to_tell_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::plugin
