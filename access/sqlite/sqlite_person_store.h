// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/person_store.h"
#include "access/place.h"
#include "core/database.h"
#include "core/mutex.h"
#include "core/rows.h"
#include "core/thread_annotations.h"

namespace sekisho::access {

/// People in access.db (docs/formats/access.md), over a connection of its own.
class SqlitePersonStore : public PersonStore {
 public:
  /// Throws db::Error.
  explicit SqlitePersonStore(const AccessPlace& place);

  Registration insert(const Person& person) override;
  std::optional<Person> find(const PersonId& id) const override;
  std::optional<Person> find_by_login(std::string_view login) const override;
  std::vector<Person> of_recipient(std::string_view recipient) const override;
  bool disable(const PersonId& id, core::Time now) override;
  bool enable(const PersonId& id) override;
  void change(const PersonId& id, std::string_view name, std::string_view email) override;
  bool invite(const Invitation& invitation) override;
  std::optional<Person> invited(const core::Sha256& hash, core::Time now) const override;
  bool accept(const core::Sha256& hash, std::string_view password_hash, core::Time now) override;
  std::optional<Person> resetting(const core::Sha256& hash, core::Time now) const override;
  bool reset_password(const core::Sha256& hash, std::string_view password_hash,
                      core::Time now) override;
  std::optional<Secrets> secrets(const PersonId& id) const override;
  bool set_password(const PersonId& id, std::string_view before, std::string_view after,
                    core::Time now) override;
  void rehash(const PersonId& id, std::string_view before, std::string_view after) override;
  void offer_totp(const PersonId& id, core::ByteView box) override;
  bool enrol_totp(const PersonId& id, core::ByteView offered_box, std::int64_t step,
                  const std::vector<core::Sha256>& recovery_codes, core::Time now) override;
  void remove_totp(const PersonId& id) override;
  bool use_step(const PersonId& id, std::int64_t step) override;
  bool use_recovery_code(const PersonId& id, const core::Sha256& hash) override;

 private:
  /// The password of whose row `taken` deletes, whose sessions it ends.
  std::optional<PersonId> take_up(core::db::Statement& taken, const core::Sha256& hash,
                                  std::string_view password_hash, core::Time now)
      SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::db::Statements statements_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::access
