// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/database.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "sharing/consent_store.h"
#include "sharing/place.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

/// Consents in sharing.db (docs/formats/sharing.md), over a connection of its own.
class SqliteConsentStore : public ConsentStore {
 public:
  /// Throws MaskKeyError where mask.key is not the one that belongs to the database, and db::Error.
  explicit SqliteConsentStore(const SharingPlace& place);

  bool insert(const Consent& consent, const std::optional<CreationKey>& creation) override;
  std::optional<Consent> find(const ConsentId& id) const override;
  std::vector<Consent> list(const ConsentFilter& filter, core::Time now) const override;
  std::optional<Consent> longest(std::string_view patient_id, std::string_view purpose,
                                 core::Time when) const override;
  std::vector<ShareId> ended_without(const ConsentId& id, core::Time now) const override;
  Withdrawal withdraw(const ConsentId& id, const Act& act,
                      const std::vector<ShareId>& shares) override;
  std::vector<ShareId> ended_shares(const ConsentId& id) const override;
  using ConsentStore::insert;

 private:
  std::vector<ShareId> leaning(const ConsentId& id, core::Time now) const SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::sharing
