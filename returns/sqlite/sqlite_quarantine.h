// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"
#include "returns/place.h"
#include "returns/quarantine.h"
#include "returns/returns_key.h"

namespace sekisho::returns {

/// The quarantine in returns.db (docs/formats/returns.md), over a connection of its own.
class SqliteQuarantine : public Quarantine {
 public:
  /// Removes what was arriving when a process ended. Throws db::Error.
  SqliteQuarantine(const ReturnsPlace& place, ReturnsKey key, Room room);

  Entry ask(const Upload& upload, core::ByteView part10) const override;
  Entry receive(const Upload& upload, core::ByteView part10) override;
  std::optional<Upload> find_open(const Upload& upload) const override;
  std::optional<Upload> find(const UploadId& id) const override;
  std::optional<core::ByteBuffer> content(const UploadId& id) const override;
  std::vector<Upload> list(const UploadFilter& filter) const override;
  std::vector<Upload> open_of(const sharing::ShareId& share) const override;
  std::vector<UploadId> due(core::Time now, int limit) const override;
  void put_off(const UploadId& id, core::Time again_at) override;
  void scanned(const UploadId& id, const Scan& scan) override;
  bool move(const UploadId& id, State from, State to, const Decision& decision) override;
  std::vector<Upload> overdue(core::Time ended_before, int limit) const override;
  void erase(const UploadId& id, core::Time now) override;
  void forget(core::Time ended_before) override;
  Count count() const override;

 private:
  core::Sha256 name_of(const Upload& upload) const;
  core::Sha256 hash_of(core::ByteView part10) const;
  Entry ask_for(const Upload& upload, const core::Sha256& name, const core::Sha256& hash) const
      SEKISHO_REQUIRES(mutex_);
  bool has_room(std::string_view recipient, std::uint64_t size) const SEKISHO_REQUIRES(mutex_);
  std::int64_t insert(const Upload& upload, const core::Sha256& name, const core::Sha256& hash,
                      const ObjectKey& key) SEKISHO_REQUIRES(mutex_);
  void write(std::int64_t seq, const ObjectKey& key, std::uint64_t first, core::ByteView part10)
      SEKISHO_REQUIRES(mutex_);
  void destroy(const UploadId& id, core::Time now) SEKISHO_REQUIRES(mutex_);
  Upload read(const core::db::Rows& rows) const;
  std::vector<Upload> read_all(core::db::Rows& rows) const;

  const ReturnsKey key_;
  const Room room_;
  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::returns
