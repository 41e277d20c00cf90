// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/access_key.h"
#include "access/correspondence_store.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// Correspondence in access.db (docs/formats/access.md), over a connection of its own.
class SqliteCorrespondenceStore : public CorrespondenceStore {
 public:
  /// Throws db::Error.
  SqliteCorrespondenceStore(const AccessPlace& place, TextKey key);

  bool ask(const ResetRequest& request) override;
  std::vector<ResetRequest> asked(int most) const override;
  void drop(std::int64_t number) override;
  bool answer(std::int64_t number, const Invitation& link, const mail::Letter& letter) override;
  bool warn(const PersonId& person, const mail::Letter& letter) override;

 private:
  const TextKey key_;
  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
