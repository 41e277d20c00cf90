// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "access/access_key.h"
#include "access/application_password.h"
#include "access/attempt_store.h"
#include "access/correspondence_store.h"
#include "access/identity_store.h"
#include "access/passkey_store.h"
#include "access/person_store.h"
#include "access/place.h"
#include "access/session_store.h"
#include "mail/outbox.h"

namespace sekisho::access {

// What people and sessions are kept in is chosen here, and nobody else knows it.

/// Never null.
struct Stores {
  AccessKey key;
  std::unique_ptr<PersonStore> people;
  std::unique_ptr<SessionStore> sessions;
  std::unique_ptr<AttemptStore> attempts;
  std::unique_ptr<PasskeyStore> passkeys;
  std::unique_ptr<ApplicationPasswordStore> application_passwords;
  std::unique_ptr<IdentityStore> identities;
  std::unique_ptr<CorrespondenceStore> correspondence;
  std::unique_ptr<mail::Outbox> outbox;
};

/// Opens the stores of a place, empty ones with a key of their own where it has none. Nobody else
/// writes to them meanwhile. Throws AccessKeyError and core::DatabaseError.
Stores open_stores(const AccessPlace& place);

}  // namespace sekisho::access
