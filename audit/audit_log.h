// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "audit/event.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/time.h"

namespace sekisho::audit {

/// The log cannot be written or is not what it should be: nothing may be served.
class AuditError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Proof that an event is on disk, under a signed checkpoint. Only AuditLog makes one.
class Receipt {
 public:
  std::uint64_t seq() const { return seq_; }
  const core::Sha256& leaf_hash() const { return leaf_hash_; }

 private:
  friend class AuditLog;
  Receipt(std::uint64_t seq, const core::Sha256& leaf_hash) : seq_(seq), leaf_hash_(leaf_hash) {}
  std::uint64_t seq_;
  core::Sha256 leaf_hash_;
};

struct Head {
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string checkpoint;  ///< the signed note (C2SP signed-note v1.0.0), empty while size is 0
};

/// Where a log lives.
struct AuditPlace {
  std::filesystem::path database;      ///< audit.db
  std::filesystem::path signing_key;   ///< Ed25519, made by initialise(), mode 0600
  std::filesystem::path index_key;     ///< keys the hashes of identifiers, mode 0600
  std::filesystem::path wrapping_key;  ///< wraps the per-patient keys, mode 0600
};

/// Makes the keys and an empty log. Refuses with AuditError if any of the files exists.
void initialise(const AuditPlace& place, std::string_view origin);

/// The append-only access log (docs/formats/audit.md). One writer thread of its own commits what
/// concurrent callers queued in one transaction: entries, index, head and signature. Any thread
/// may call any method. The first failure breaks the log for good: every later call throws
/// AuditError until the process starts anew.
class AuditLog {
 public:
  /// Opens and checks: the head's signature and the tree's right edge. Throws AuditError.
  AuditLog(const AuditPlace& place, core::Clock clock, core::Log log);
  /// Writes out what is queued.
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// On return the event is durable under a signed head. Throws AuditError: then nothing may leave.
  Receipt append(const Event& event);
  /// Queued behind everything appended so far; durable soon. Never throws for the log's troubles:
  /// for outcomes, when the effect is past.
  void append_later(const Event& event);
  /// Waits until everything queued so far is durable. Throws AuditError.
  void flush();

  Head head() const;
  const std::string& origin() const;
  /// Empty while all is well, else why nothing can be served (for staff).
  std::string broken() const;

 private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

/// What verify() found.
struct Verdict {
  bool sound = false;
  std::uint64_t entries = 0;
  std::uint64_t objects = 0;          ///< rows of the index that were recomputed
  std::uint64_t unfinished = 0;       ///< intents without an outcome: a crash, not a fault
  std::vector<std::string> problems;  ///< where and what, in reading order; at most 100
};

/// Recomputes everything from the stored bytes: every leaf, the tree, the head, its signature under
/// `public_key` (as a C2SP verifier key line) and the pinned origin. Reads only; runs beside a
/// writer. Throws AuditError if the file cannot be read at all.
Verdict verify(const std::filesystem::path& database, std::string_view verifier_key);

}  // namespace sekisho::audit
