// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "audit/keeping/deed.h"
#include "audit/store/log_reader.h"
#include "core/digest.h"

namespace sekisho::audit {

/// Names the entries that stay before a boundary, one after the other: whoever removes one of them
/// later is found out. A value.
class KeptEntries {
 public:
  void add(std::uint64_t seq);
  std::uint64_t count() const { return count_; }
  /// SHA-256 of the last one's hash and, in eight bytes with the high one first, the seq; 32 zero
  /// bytes where nothing stays.
  const core::Sha256& hash() const { return hash_; }

 private:
  std::uint64_t count_ = 0;
  core::Sha256 hash_{};
};

/// What a pruning that goes from the log's first entry to its last boundary, slice by slice, takes
/// and leaves. Reads beside the writer: nobody else prunes or sets holds meanwhile. What stays:
/// - what the log says of itself: openings, keys, holds, shreddings and prunings;
/// - every event about somebody who is held, in all its parts;
/// - the outcome of what stays.
/// One thread at a time.
class PrunePlanner {
 public:
  explicit PrunePlanner(LogReader& log);
  /// The next slice: from where the last one ended. Throws AuditError for entries that are none.
  Prune slice(std::uint64_t before);
  const KeptEntries& kept() const { return kept_; }

 private:
  bool stays(const Entry& entry, std::span<const Prune::Removal> removals);

  LogReader& log_;
  const std::map<Subject, std::uint64_t> holds_;
  std::uint64_t next_ = 0;
  KeptEntries kept_;
};

}  // namespace sekisho::audit
