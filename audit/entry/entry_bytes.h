// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/bytes.h"

namespace sekisho::audit {

/// An entry where it is read. The leaf is what the tree hashes and strangers may hold; the aside,
/// which it commits to by a hash, says who and what it is about and never leaves with a receipt. An
/// entry of version 1 has no aside.
struct EntryBytes {
  core::ByteView leaf;
  core::ByteView aside;
};

/// The same, as its owner. A value.
struct StoredEntry {
  std::string leaf;
  std::string aside;

  EntryBytes bytes() const { return {core::as_bytes(leaf), core::as_bytes(aside)}; }
  friend bool operator==(const StoredEntry&, const StoredEntry&) = default;
};

inline StoredEntry copied(const EntryBytes& entry) {
  return {std::string(core::as_text(entry.leaf)), std::string(core::as_text(entry.aside))};
}

}  // namespace sekisho::audit
