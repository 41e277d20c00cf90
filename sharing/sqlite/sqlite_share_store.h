// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/database.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "sharing/place.h"
#include "sharing/share_store.h"
#include "sharing/sqlite/change_watch.h"
#include "sharing/sqlite/mask_keys.h"
#include "sharing/sqlite/rows.h"
#include "sharing/sqlite/share_rows.h"

namespace sekisho::sharing {

/// Shares in sharing.db (docs/formats/sharing.md), over a connection of its own.
class SqliteShareStore : public ShareStore {
 public:
  /// Throws MaskKeyError where mask.key is not the one that belongs to the database, and db::Error.
  explicit SqliteShareStore(const SharingPlace& place);

  std::chrono::milliseconds staleness() const override { return ChangeWatch::kStaleness; }
  std::uint64_t version() const override;

  bool insert(const Share& share, const core::Secret& mask_key,
              const std::optional<CreationKey>& creation, ConsentRule consents) override;
  std::optional<Share> find(const ShareId& id) const override;
  std::optional<Share> find_by_link(const core::Sha256& link_hash) const override;
  SharedShares live_for(const RecipientId& who, core::Time now) const override;
  std::vector<Share> list(const ShareFilter& filter, core::Time now) const override;
  bool extend(const ShareId& id, const Extension& extension, ConsentRule consents) override;
  std::vector<ShareId> revoke(std::span<const ShareId> ids, std::string_view reason,
                              core::Time now) override;
  bool approve(const ShareId& id, const Approval& approval) override;
  std::optional<core::Secret> mask_key(const ShareId& id) const override;
  bool destroy_mask_key(const ShareId& id, core::Time now) override;
  std::size_t rotate_wrapping_key() override;
  core::Bits128 wrapping_key_id() const override;
  std::vector<ExpiredShare> expired(core::Time now, int limit) const override;
  void begin_expiry(const ShareId& id, std::uint64_t log_size) override;
  void end_expiry(const ShareId& id, core::Time now) override;
  bool approve(const ShareId& id, const core::SeriesKey& series, std::string_view by,
               core::Time now) override;
  bool withdraw_approval(const ShareId& id, const core::SeriesKey& series, std::string_view by,
                         core::Time now) override;
  void add_returned(const ShareId& id, const ReturnedObject& object, core::Time now) override;
  void confirm_returned(const ShareId& id, const core::Uid& instance, core::Time now) override;
  std::vector<ReturnedObject> returned(const ShareId& id) const override;
  std::vector<core::Uid> returned_elsewhere(const ShareId& id,
                                            const core::Uid& series) const override;
  bool is_live(const ShareId& id, core::Time now,
               const std::vector<core::SeriesKey>& approved) const override;
  bool are_live(std::span<const Asked> shares, core::Time now) const override;
  using ShareStore::extend;
  using ShareStore::insert;
  using ShareStore::is_live;
  using ShareStore::revoke;

 private:
  /// While nothing changes: a share is live from `begin` to before `end`.
  struct Liveness {
    core::Time begin;
    core::Time end;
    std::vector<core::SeriesKey> approved;  ///< ascending
  };
  void forget_what_changed() const SEKISHO_REQUIRES(mutex_);
  void forget_shares_of_recipients() const SEKISHO_REQUIRES(mutex_);
  bool is_live_at(core::Time now, const Asked& share) const SEKISHO_REQUIRES(mutex_);
  Liveness liveness_of(const ShareId& id) const SEKISHO_REQUIRES(mutex_);
  const SharedShares& shares_of(const RecipientId& who, core::Time now) const
      SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable Statements statements_ SEKISHO_GUARDED_BY(mutex_);
  mutable Profiles profiles_ SEKISHO_GUARDED_BY(mutex_);
  mutable MaskKeys keys_ SEKISHO_GUARDED_BY(mutex_);
  mutable ChangeWatch changes_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::uint64_t known_version_ SEKISHO_GUARDED_BY(mutex_) = 0;  ///< of what is kept
  // By find(), is_live() and live_for(), while nothing changes.
  mutable std::unordered_map<ShareId, Share> found_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::unordered_map<ShareId, Liveness> liveness_ SEKISHO_GUARDED_BY(mutex_);
  /// All that are or may become live, and how many these are in all.
  mutable std::unordered_map<RecipientId, SharedShares> shares_of_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::size_t shares_of_recipients_ SEKISHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace sekisho::sharing
