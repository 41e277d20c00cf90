// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/proof/note.h"
#include "audit/store/stored_log.h"
#include "core/digest.h"

namespace sekisho::audit {

/// What a "key.rotate" entry says: from here on the heads of this log are signed by another key.
/// Both keys have signed that (docs/formats/audit.md, "Rotation of the signing key"). A value.
struct KeyRotation {
  NoteVerifier old_key;
  NoteVerifier new_key;
  std::uint64_t seq = 0;       ///< of the entry: the size of the tree before it
  core::Sha256 root_before{};  ///< of that tree

  /// The facts of the entry that is to stand at `seq`. Both signers have one name.
  static std::map<std::string, std::string> facts(const NoteSigner& old_key,
                                                  const NoteSigner& new_key, std::uint64_t seq,
                                                  const core::Sha256& root_before);
  /// `nullopt` for another event, or unless both keys are of one origin and have signed.
  static std::optional<KeyRotation> read(const Entry& entry);
};

/// The keys of one log, each of which signed the heads of a range of sizes. A value.
class KeyChain {
 public:
  explicit KeyChain(NoteVerifier first);
  /// Of entries that are rotations, one behind the other and at least one; `nullopt` for others.
  static std::optional<KeyChain> of(std::span<const Entry> rotations);
  /// The keys that the log's rotations make of the one that somebody has, old or new; that one
  /// alone where they do not lead to it. This is how every command takes a key.
  static KeyChain leading_from(const NoteVerifier& known, std::span<const Entry> rotations);
  /// False, and nothing changes, unless it is the newest key that hands over, behind where it got
  /// the log itself.
  bool hand_over(const KeyRotation& rotation);
  const NoteVerifier& current() const { return terms_.back().key; }
  bool has(const NoteVerifier& key) const;
  /// The key by which heads of that size are signed.
  const NoteVerifier& signer_of(std::uint64_t size) const;
  /// The checkpoint of a note that the key of its size signed, under the log's name.
  std::optional<Checkpoint> open(std::string_view note) const;
  /// The oldest first.
  std::vector<NoteVerifier> all() const;

 private:
  struct Term {
    NoteVerifier key;
    std::uint64_t from;  ///< the smallest size of a head of this key
  };
  std::vector<Term> terms_;
};

/// The entries that say that the key was rotated, from `from` on. Reads all that follow. Throws
/// core::DatabaseError.
std::vector<Entry> rotation_entries(StoredLog& log, std::uint64_t from);

/// The keys that signed heads from `size` on in the log whose heads are signed by `current` now.
/// Reads the entries behind that size. `nullopt` where the rotations there do not lead to
/// `current`. Throws core::DatabaseError.
std::optional<KeyChain> keys_since(StoredLog& log, std::uint64_t size, const NoteVerifier& current);

}  // namespace sekisho::audit
