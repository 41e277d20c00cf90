// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/application_password.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Application passwords in access.db (docs/formats/access.md), over a connection of its own.
class SqliteApplicationPasswordStore : public ApplicationPasswordStore {
 public:
  /// Throws db::Error.
  explicit SqliteApplicationPasswordStore(const AccessPlace& place);

  bool insert(const ApplicationPassword& password, const core::Sha256& hash) override;
  std::optional<ApplicationPassword> find(const core::Sha256& hash) const override;
  std::vector<ApplicationPassword> of_person(const PersonId& person) const override;
  bool remove(const PersonId& person, const ApplicationPasswordId& id) override;

 private:
  mutable core::Mutex mutex_;
  core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
