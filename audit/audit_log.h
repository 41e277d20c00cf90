// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audit/condition.h"
#include "audit/entry/index_key.h"
#include "audit/error.h"
#include "audit/event.h"
#include "audit/head.h"
#include "audit/keeping/deed.h"
#include "audit/moment.h"
#include "audit/place.h"
#include "audit/proof/cosignature.h"
#include "audit/proof/log_proof.h"
#include "audit/proof/note.h"
#include "audit/receipt.h"
#include "audit/receipt_id.h"
#include "audit/store/published_log.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/time.h"

namespace sekisho::audit {

class LogWriter;

/// The append-only access log (docs/formats/audit.md). One writer thread of its own commits what
/// concurrent callers queued in one transaction: entries, index, head and signature. Any thread
/// may call any method. A full disk stops it until there is room again, and it goes on by itself
/// after a commit that was read back (docs/adr/0010-a-full-disk-is-no-broken-one.md). Any other
/// failure breaks it for good: every later call throws AuditError until the process starts anew.
class AuditLog {
 public:
  /// Opens and checks: the keys, the head's signature, the tree's right edge and the last entries.
  /// Throws AuditError, also while another AuditLog holds the place. `clock` and `uptime` go on
  /// together, or the log says that the clock was set (clock.step). `reserve_bytes` are kept on the
  /// disk for staff's acts and for outcomes when it is full; 0: nothing is.
  AuditLog(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime = boot_time(),
           std::uint64_t reserve_bytes = 0);
  /// Writes out what is queued. No other call may be running.
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  /// On return the event is durable under a signed head. Throws AuditError: then nothing may leave.
  /// While the disk is full, what recipients begin is refused before anything else.
  Receipt append(const Event& event);
  /// The same, and what the event is the record of is done with it: see Keeping.
  Receipt append(const Event& event, Deed deed);
  /// The same of one event or more, in this order: on return all are durable. The receipt is the
  /// last one's. Where it throws, the first of them may be on record, and nothing may leave either.
  Receipt append(std::span<const Event> events);
  /// Queued behind everything appended so far; written with the next append(), or 50 ms later where
  /// there is none. Waits only while the queue is full.
  /// Never throws for the log's troubles: for outcomes, when the effect is past.
  void append_later(const Event& event);
  /// Waits until everything queued so far is durable. Throws AuditError.
  void flush();

  /// The log as strangers may hold it, under a head that the anchor has too. As the functions of
  /// PublishedLog; throw AuditError or core::DatabaseError.
  std::optional<core::Bytes> file(const LogFile& file);
  std::optional<LogProof> proof(std::uint64_t seq);
  /// Between two checkpoints that have left already.
  std::optional<Proof> consistency(std::uint64_t old_size, std::uint64_t size);
  /// What proves to the recipient that an entry, about what they did, is in the log, under a
  /// checkpoint that witnesses have cosigned where there is one; `nullopt` where it is not, is of
  /// another log, about somebody else or about what somebody else did. Throws AuditError or
  /// core::DatabaseError.
  std::optional<LogProof> receipt(const ReceiptId& id, const ReceiptAsker& asker);

  /// On return a checkpoint of this log, which is about to leave, stands in the anchor too, where
  /// there is one. Throws AuditError.
  void anchor(const std::string& checkpoint);
  /// From now on receipts come under this checkpoint, of this log, where it covers their entry.
  void hold_witnessed(WitnessedCheckpoint checkpoint);
  /// How the log's index names somebody or something.
  Subject subject(SubjectKind kind, std::string_view value) const;

  Head head() const;
  const std::string& origin() const;
  /// The key that signs the heads.
  const NoteVerifier& verifier() const;
  /// The key that signed heads of that size: another one if it was rotated since. Reads every entry
  /// behind it. `nullopt` where the rotations do not lead to verifier(). Throws AuditError or
  /// core::DatabaseError.
  std::optional<NoteVerifier> signer_of(std::uint64_t size);
  /// Empty while all is well, else why nothing can be served (for staff): condition() in words.
  std::string broken() const;
  Condition condition() const;
  /// True where the reserve is wanted and could not be made.
  bool lacks_reserve() const;

 private:
  std::unique_ptr<LogWriter> writer_;
};

}  // namespace sekisho::audit
