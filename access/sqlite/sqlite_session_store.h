// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/place.h"
#include "access/session_store.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Sessions in access.db (docs/formats/access.md), over a connection of its own.
class SqliteSessionStore : public SessionStore {
 public:
  /// Throws db::Error.
  explicit SqliteSessionStore(const AccessPlace& place);

  bool begin(const Session& session, const core::Sha256& hash) override;
  std::optional<Session> find(const core::Sha256& hash, core::Time now) const override;
  void note_use(const SessionId& id, core::Time now) override;
  std::vector<Session> of_person(const PersonId& person, core::Time now) const override;
  bool end(const SessionId& id) override;
  int end_all(const PersonId& person) override;
  bool enter(const SessionId& id, std::string_view share, int most) override;
  void forget(core::Time now) override;

 private:
  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
