// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/moment.h"
#include "audit/proof/note.h"
#include "audit/store/stored_log.h"
#include "core/digest.h"

namespace sekisho::audit {

/// A log as its one writer sees it. One thread at a time. After DiskFull from commit() or tidy() it
/// goes on once undo() has returned; after any other exception it must not be written to again.
class LogStore {
 public:
  virtual ~LogStore() = default;
  LogStore(const LogStore&) = delete;
  LogStore& operator=(const LogStore&) = delete;

  /// Gives each draft its place and moment, and does what it is the record of. On return all are
  /// durable under a signed head; the result is their leaf hashes, the last of them at
  /// head_size() - 1. Throws DiskFull, core::DatabaseError, or AuditError where somebody else has
  /// written.
  virtual std::vector<core::Sha256> commit(std::span<const Draft> drafts,
                                           const Timekeeper& timekeeper) = 0;
  /// What a store does between commits, so that it stays small and nothing that was shredded stands
  /// anywhere in it.
  virtual void tidy() = 0;

  /// After DiskFull: nothing of the commit is left, and the store is what it was: compared as when
  /// it was opened. Throws AuditError or core::DatabaseError.
  virtual void undo() = 0;
  /// The newest entry and the head, read back through a connection of its own, are what the last
  /// commit() said. Throws AuditError or core::DatabaseError.
  virtual void confirm(const core::Sha256& newest_leaf) const = 0;

  /// The heads from the next commit on are signed by `next`, which outlives this.
  virtual void sign_with(const NoteSigner& next) = 0;

  /// After a failure: lets others in, and closing will not write either. Never throws.
  virtual void abandon() = 0;

  virtual std::uint64_t head_size() const = 0;
  virtual core::Sha256 root() const = 0;
  virtual const std::string& checkpoint() const = 0;
  /// All of it, over the writer's own connection.
  virtual StoredLog& stored() = 0;

  /// `nullopt` if there is none or it is none.
  std::optional<Entry> entry(std::uint64_t seq) {
    const auto bytes = stored().entry(seq);
    return bytes ? parse_entry(bytes->bytes()) : std::nullopt;
  }

 protected:
  LogStore() = default;
};

}  // namespace sekisho::audit
