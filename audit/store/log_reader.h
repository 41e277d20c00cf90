// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/entry/entry_text.h"
#include "audit/entry/seal.h"
#include "audit/store/stored_log.h"

namespace sekisho::audit {

/// An entry as it is stored, and what it says.
struct ReadEntry {
  StoredEntry raw;
  Entry entry;
};

/// The head as it is stored; nobody has checked its signature.
struct StoredHead {
  std::uint64_t size = 0;
  std::string checkpoint;
};

/// Reads a log beside its writer, over a connection of its own and without any secret. Each call is
/// a short transaction, so that no reader keeps the store from shrinking. One thread at a time.
/// Throws core::DatabaseError, or AuditError where what is found is no log or no entry.
class LogReader {
 public:
  explicit LogReader(const std::filesystem::path& database);

  StoredHead head();
  std::optional<ReadEntry> entry(std::uint64_t seq);
  /// At most `limit` entries from `from` on and before `end`, ascending. To read a log of any
  /// length in little memory, go on behind the last one until nothing comes.
  std::vector<ReadEntry> entries(std::uint64_t from, std::uint64_t end, std::size_t limit);
  /// The same, descending: at most `limit` entries before `end` and not before `from`.
  std::vector<ReadEntry> entries_before(std::uint64_t end, std::uint64_t from, std::size_t limit);
  /// The places of at most `limit` entries about `subject` from `from` on, ascending.
  std::vector<std::uint64_t> history(const Subject& subject, std::uint64_t from, std::size_t limit);
  /// The same, descending: of those before `end`.
  std::vector<std::uint64_t> history_before(const Subject& subject, std::uint64_t end,
                                            std::size_t limit);
  /// How many entries are about `subject`.
  std::uint64_t count(const Subject& subject);
  /// The place of the first entry that is not older than `time`, if the clock never went back;
  /// otherwise of one such entry. The size of the log where there is none.
  std::uint64_t first_since(core::Time time);
  /// The newest entry of an event before `end`. Looks at all that came after it.
  std::optional<ReadEntry> last(EventCode event, std::uint64_t end);
  /// Entries before that may have been pruned; 0 where none was.
  std::uint64_t pruned_before();
  /// Of whom nothing is pruned or shredded, each with the entry that says so.
  std::map<Subject, std::uint64_t> holds();

 private:
  std::vector<ReadEntry> read_range(const StoredLog::Range& range);

  const std::unique_ptr<StoredLog> log_;
};

/// What the boxes of an entry hold together. What was shredded is empty.
struct EntryText {
  std::string actor;
  std::string recipient_id;
  std::string recipient_name;
  std::string organisation;  ///< the recipient's
  std::string user_agent;
  std::string purpose;
  std::string query;
  std::vector<ObjectRef> objects;   ///< a patient of whom nothing was named is one without UIDs
  std::vector<StudyWords> studies;  ///< as far as they are on record
  std::size_t shredded = 0;         ///< boxes of which the key was destroyed
};

/// Opens the encrypted text of entries. One thread at a time. Throws core::DatabaseError.
class TextReader {
 public:
  TextReader(const std::filesystem::path& database, WrappingKey wrapping);

  /// Throws AuditError for a box that its key does not open: somebody has changed it.
  EntryText open(const Entry& entry);

 private:
  /// Null where the key was destroyed.
  const core::Secret* key_of(const Bits128& id);

  const WrappingKey wrapping_;
  const std::unique_ptr<StoredLog> log_;
  std::map<Bits128, core::Secret> keys_;
};

}  // namespace sekisho::audit
