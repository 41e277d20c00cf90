// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/attempt_store.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Failures in access.db (docs/formats/access.md), over a connection of its own.
class SqliteAttemptStore : public AttemptStore {
 public:
  /// Throws db::Error.
  explicit SqliteAttemptStore(const AccessPlace& place);

  bool begin(Counted counted, const core::Sha256& name, core::Time now) override;
  void succeed(Counted counted, const core::Sha256& name) override;
  void forget(core::Time now) override;

 private:
  core::Mutex mutex_;
  core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
