// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/open_stores.h"

#include "sharing/sqlite/sqlite_consent_store.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"

namespace sekisho::sharing {

Stores open_stores(const SharingPlace& place) {
  core::db::settle_write_ahead_log(place.database);
  auto recipients =
      std::make_unique<SqliteRecipientStore>(place);  // first: it makes a new mask.key
  return {std::move(recipients), std::make_unique<SqliteShareStore>(place),
          std::make_unique<SqliteConsentStore>(place)};
}

}  // namespace sekisho::sharing
