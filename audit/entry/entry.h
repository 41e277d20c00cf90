// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry/entry_bytes.h"
#include "audit/entry/entry_text.h"
#include "audit/entry/index_key.h"
#include "audit/entry/key_ring.h"
#include "audit/event.h"
#include "audit/keeping/deed.h"
#include "audit/moment.h"
#include "core/bytes.h"

namespace sekisho::audit {

/// The grammar of docs/formats/audit.md: a leaf and an aside, each one JSON object in the spelling
/// of RFC 8785. In version 1 the leaf is all there is.
inline constexpr std::uint64_t kEntryVersion = 2;
inline constexpr std::size_t kMaxEntryBytes = 4096;  ///< of the leaf
inline constexpr std::size_t kMaxAsideBytes = 8192;

/// An entry but for what only the writer knows: its place and its moment. Everything dear (hashes,
/// encryption, spelling) is done already.
struct Draft {
  /// The bytes of the leaf; at most kMaxEntryBytes.
  std::string leaf(std::uint64_t seq, const Moment& moment) const;
  StoredEntry entry(std::uint64_t seq, const Moment& moment) const {
    return {leaf(seq, moment), aside};
  }

  std::string aside;  ///< at most kMaxAsideBytes
  std::string text;   ///< of the leaf
  // Where in `text` the writer's fields belong.
  std::size_t clock_at = 0;
  std::size_t seq_at = 0;
  std::size_t time_at = 0;
  std::vector<Subject> subjects;               ///< the rows of the index
  std::vector<std::shared_ptr<TextKey>> keys;  ///< of the sealed texts
  std::optional<Deed> deed;                    ///< done in the transaction of the entry
};

/// Makes entries of events. Any thread.
class EntryEncoder {
 public:
  /// `keys` outlives this.
  EntryEncoder(IndexKey index, KeyRing& keys, std::string boot_id);
  /// One draft, or several for an event with more objects than one entry can hold: they belong
  /// into one transaction, one behind the other. Throws std::invalid_argument for facts that are
  /// none, core::DatabaseError or AuditError where the keys cannot be read.
  std::vector<Draft> encode(const Event& event) const { return encode(std::span(&event, 1)); }
  /// The same of one event after the other: what they have in common is hashed once.
  std::vector<Draft> encode(std::span<const Event> events) const;
  const IndexKey& index() const { return index_; }

 private:
  class Names;
  Draft encode_part(const Event& part, std::uint64_t number, std::uint64_t of, Names& names) const;
  std::vector<std::shared_ptr<TextKey>> write_aside(std::string& out, const Event& part,
                                                    std::uint64_t number, std::uint64_t of,
                                                    const std::vector<Subject>& subjects,
                                                    Names& names) const;
  std::vector<std::shared_ptr<TextKey>> write_boxes(std::string& out,
                                                    const std::map<Subject, BoxText>& texts,
                                                    const Bits128& salt) const;

  const IndexKey index_;
  KeyRing& keys_;
  const std::string boot_id_;
};

struct SealedText {
  Bits128 key{};
  std::string box;  ///< base64, as it stands in the entry
};

/// What a reader takes from an entry. A text that is absent is empty.
struct Entry {
  std::uint64_t version = 0;
  std::uint64_t seq = 0;
  std::string event;
  Outcome outcome = Outcome::success;
  core::Time time;
  std::string boot;
  std::chrono::microseconds uptime{0};
  ClockState clock = ClockState::unsynchronised;
  std::string authentication;
  std::string source;
  std::string share;
  std::string request;
  std::string intended_use;
  std::string detail;
  std::optional<std::uint64_t> instances;
  std::optional<std::uint64_t> bytes;
  std::uint64_t part = 0;  ///< from 1
  std::uint64_t parts = 0;
  std::optional<std::uint64_t> intent;
  Bits128 salt{};
  std::map<std::string, std::string> facts;
  std::vector<Subject> subjects;
  std::vector<SealedText> sealed;
};

/// Strict: the whole grammar and not one byte more, and the aside is the one that the leaf commits
/// to. `nullopt` for anything else.
std::optional<Entry> parse_entry(const EntryBytes& bytes);
/// As strict, of the leaf alone: who and what it is about is not known then, save in version 1.
std::optional<Entry> parse_leaf(core::ByteView leaf);

}  // namespace sekisho::audit
