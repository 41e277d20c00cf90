// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/passkey_store.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Passkeys in access.db (docs/formats/access.md), over a connection of its own.
class SqlitePasskeyStore : public PasskeyStore {
 public:
  /// Throws db::Error.
  explicit SqlitePasskeyStore(const AccessPlace& place);

  bool insert(const Passkey& passkey) override;
  std::optional<Passkey> find(core::ByteView credential) const override;
  std::vector<Passkey> of_person(const PersonId& person) const override;
  bool use(const PasskeyId& id, std::uint32_t signatures, core::Time now) override;
  bool remove(const PersonId& person, const PasskeyId& id) override;

 private:
  void end_sessions(const PersonId& person) SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
