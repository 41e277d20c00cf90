// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "sharing/wrapping_key.h"

namespace sekisho::sharing {

/// Where the shares live: files that belong together (docs/formats/sharing.md).
struct SharingPlace {
  static SharingPlace in(const std::filesystem::path& directory);

  std::filesystem::path database;       ///< sharing.db
  std::filesystem::path mask_key;       ///< mask.key: wraps the pseudonym keys in it, mode 0600
  std::filesystem::path next_mask_key;  ///< mask.key.next: while a new one takes its place
};

// A key counts once the database names it, so these are called while nobody else can write the
// database. All throw MaskKeyError.

/// For a database in which nothing is wrapped: makes mask.key, or takes the one that a start cut
/// off before has left.
WrappingKey first_mask_key(const SharingPlace& place);
/// A new key in mask.key.next, on disk.
WrappingKey next_mask_key(const SharingPlace& place);
/// The key with this id, in mask.key when this returns: from mask.key.next where a rotation was cut
/// off after the database had named it. What mask.key held before is overwritten then.
WrappingKey named_mask_key(const SharingPlace& place, const core::Bits128& id);
/// Removes what a rotation has left that was cut off before the database named its key.
void discard_next_mask_key(const SharingPlace& place);

}  // namespace sekisho::sharing
