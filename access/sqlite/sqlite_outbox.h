// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/access_key.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"
#include "mail/outbox.h"

namespace sekisho::access {

/// Letters in access.db (docs/formats/access.md), over a connection of its own.
class SqliteOutbox : public mail::Outbox {
 public:
  /// Throws db::Error.
  SqliteOutbox(const AccessPlace& place, TextKey key);

  void put(const mail::Letter& letter) override;
  std::optional<mail::Waiting> next(core::Time now) const override;
  void sent(const mail::LetterId& id) override;
  void failed(const mail::LetterId& id, core::Time again_at) override;
  mail::Count count(core::Time now) const override;
  void forget(core::Time now) override;

 private:
  const TextKey key_;
  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
