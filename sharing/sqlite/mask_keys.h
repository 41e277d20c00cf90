// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/database.h"
#include "core/secret.h"
#include "sharing/place.h"
#include "sharing/sqlite/rows.h"
#include "sharing/wrapping_key.h"

namespace sekisho::sharing {

/// The pseudonym keys in sharing.db, wrapped by the key in mask.key. One thread at a time, like the
/// connection, which outlives this as the statements do. Trouble throws db::Error or MaskKeyError.
class MaskKeys {
 public:
  /// Finishes or undoes a rotation that was cut off.
  MaskKeys(core::db::Database& database, Statements& statements, SharingPlace place);

  /// Adds the key of a new share, within the caller's transaction.
  void add(const ShareId& share, const core::Secret& mask_key);
  /// `nullopt` for a share that is unknown or whose key was destroyed.
  std::optional<core::Secret> find(const ShareId& share);
  /// Removes a share's key, within the caller's transaction. Nothing of it is left in the database
  /// file then; core::db::empty_write_ahead_log() comes after the commit.
  void remove(const ShareId& share);
  /// Makes a new key in mask.key and wraps all keys by it; gives their number. Durable on return,
  /// and the old key is gone. Whenever this is cut off, one of the two keys opens everything.
  std::size_t rotate();
  /// Of the key in mask.key.
  core::Bits128 wrapping_id() { return wrapping().id(); }

 private:
  const WrappingKey& wrapping();
  core::Bits128 named_id();
  core::Secret unwrap(const WrappingKey& by, const ShareId& share, const WrappedKey& wrapped) const;

  core::db::Database& database_;
  Statements& statements_;
  const SharingPlace place_;
  std::optional<WrappingKey> wrapping_;  ///< always there after construction
};

}  // namespace sekisho::sharing
