// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry/entry_bytes.h"
#include "audit/entry/index_key.h"
#include "audit/proof/hash_tiles.h"
#include "core/bytes.h"

namespace sekisho::audit {

/// A log as it is stored, over one connection and without any secret, beside its writer. What it
/// hands over is what stands there: nobody has checked it, and whoever can write the store can have
/// written anything. One thread at a time. Throws core::DatabaseError. None of its methods is
/// called from inside a `take` of the same method.
class StoredLog {
 public:
  virtual ~StoredLog() = default;
  StoredLog(const StoredLog&) = delete;
  StoredLog& operator=(const StoredLog&) = delete;

  /// While it lives all that is read is of one state; without it, each call by itself is.
  class Snapshot {
   public:
    virtual ~Snapshot() = default;
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   protected:
    Snapshot() = default;
  };
  /// At most one at a time.
  [[nodiscard]] virtual std::unique_ptr<Snapshot> hold() = 0;

  struct Head {
    std::int64_t size = 0;
    core::Bytes root;
    core::Bytes edge;  ///< the roots of the perfect subtrees, largest first
    std::string checkpoint;
  };
  /// A log has one.
  virtual std::vector<Head> heads() = 0;

  enum class Order { ascending, descending };
  /// Which entries are wanted: those whose places lie within, the ends included.
  struct Range {
    std::int64_t first = std::numeric_limits<std::int64_t>::min();
    std::int64_t last = std::numeric_limits<std::int64_t>::max();
    Order order = Order::ascending;
    std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    std::string_view containing{};  ///< those alone with this text in the leaf; looks at all
  };
  /// `entry` is valid until it returns.
  using TakeEntry = std::function<void(std::int64_t seq, const EntryBytes& entry)>;
  virtual void read_entries(const Range& range, const TakeEntry& take) = 0;
  virtual std::optional<StoredEntry> entry(std::uint64_t seq) = 0;

  /// A row of the index. A number that is none is -1.
  struct IndexRow {
    std::int64_t span = 0;
    core::ByteView hash;  ///< valid until the next row
    std::int64_t kind = 0;
    std::int64_t seq = 0;
  };
  enum class IndexOrder { as_stored, by_entry };
  virtual void read_index(IndexOrder order, const std::function<void(const IndexRow&)>& take) = 0;
  virtual bool has_index_row(std::uint64_t span, const Subject& subject, std::int64_t seq) = 0;
  /// The places within one span of the index at which entries are about `subject`.
  virtual std::vector<std::uint64_t> places(std::uint64_t span, const Subject& subject,
                                            const Range& range) = 0;
  virtual std::uint64_t count(std::uint64_t span, const Subject& subject) = 0;

  /// A key of text.
  struct Key {
    core::Bytes id;
    std::int64_t kind = 0;
    core::Bytes hash;
    std::int64_t seq = 0;                ///< of the entry that brought it
    std::optional<core::Bytes> wrapped;  ///< nothing once it was shredded
  };
  virtual std::optional<Key> key(const Bits128& id) = 0;
  /// The one of `subject` that was not shredded.
  virtual std::optional<Key> live_key(const Subject& subject) = 0;
  /// Whether there are live keys that the key of this id did not wrap.
  virtual bool has_keys_wrapped_otherwise(const Bits128& wrapping) = 0;
  /// How many keys came with an entry that is there or cannot have been pruned.
  virtual std::uint64_t count_keys_of_entries() = 0;

  /// The hashes of a tile; as many as the tile has, one behind the other.
  virtual std::optional<core::Bytes> tile(TileId tile) = 0;
  virtual std::uint64_t count_tiles() = 0;

  /// Entries before `before` may have been pruned, as entry `seq` says.
  struct Boundary {
    std::uint64_t before = 0;
    std::uint64_t seq = 0;
  };
  virtual std::optional<Boundary> pruned() = 0;
  /// Of whom nothing is pruned or shredded, each with the entry that says so.
  virtual std::map<Subject, std::uint64_t> holds() = 0;

  /// What the store should hold its writers to and does not, and what does not belong in it: a
  /// trigger that somebody dropped, one that somebody added. Names only.
  virtual std::vector<std::string> structure_problems() = 0;

 protected:
  StoredLog() = default;
};

/// Whose a key is. A hash of another length than 16 bytes is that of nobody.
inline Subject subject_of(const StoredLog::Key& key) {
  Subject subject{static_cast<SubjectKind>(key.kind), {}};
  if (key.hash.size() == subject.hash.size()) std::ranges::copy(key.hash, subject.hash.begin());
  return subject;
}

}  // namespace sekisho::audit
