// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "sharing/consent_store.h"
#include "sharing/place.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::sharing {

// What the shares are kept in is chosen here, and nobody else knows it.

/// Never null.
struct Stores {
  std::unique_ptr<RecipientStore> recipients;
  std::unique_ptr<ShareStore> shares;
  std::unique_ptr<ConsentStore> consents;
};

/// Opens the stores of a place, empty ones where it has none. Nobody else writes to them meanwhile:
/// the service holds the lock of its log. What can be read of them is on the disk on return
/// (docs/adr/0020-what-can-be-read-is-on-the-disk.md). Throws MaskKeyError and core::DatabaseError.
Stores open_stores(const SharingPlace& place);

}  // namespace sekisho::sharing
