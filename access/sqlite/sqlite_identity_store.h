// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/identity_store.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Identities in access.db (docs/formats/access.md), over a connection of its own.
class SqliteIdentityStore : public IdentityStore {
 public:
  /// Throws db::Error.
  explicit SqliteIdentityStore(const AccessPlace& place);

  std::optional<LinkedIdentity> find(const Identity& identity) const override;
  std::optional<LinkedIdentity> of_person(const PersonId& person) const override;
  bool link(const PersonId& person, const Identity& identity, core::Time now) override;
  bool unlink(const PersonId& person) override;
  bool accept(const core::Sha256& invitation, const Identity& identity, core::Time now) override;
  void note_use(const PersonId& person, core::Time now) override;

 private:
  bool insert(const PersonId& person, const Identity& identity, core::Time now)
      SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
