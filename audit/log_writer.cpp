// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/log_writer.h"

#include <algorithm>
#include <stop_token>
#include <utility>

#include "audit/error.h"
#include "audit/keys/rotate_key.h"
#include "audit/own_events.h"
#include "audit/store/disk_full.h"
#include "audit/store/open_log.h"
#include "core/database_error.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// What somebody else than staff asks for, and what can wait until there is room.
CommitQueue::Origin origin_of(EventCode code) {
  switch (code) {
    case EventCode::transfer_begin:
    case EventCode::query:
    case EventCode::denial:
    case EventCode::return_begin:
    case EventCode::return_receive:
      return CommitQueue::Origin::recipient;
    default:
      return CommitQueue::Origin::house;
  }
}

}  // namespace

std::string describe(const std::exception& error) {
  const bool is_of_database = dynamic_cast<const core::DatabaseError*>(&error) != nullptr;
  return (is_of_database ? "the database failed: " : "") + std::string(error.what());
}

LogWriter::LogWriter(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime,
                     std::uint64_t reserve_bytes)
    : lock_(locked(place)),
      log_(std::move(log)),
      timekeeper_(std::move(clock), std::move(uptime)),
      signer_(read_signing_key(place.signing_key)),
      store_(open_log_store(place.database, signer_)),
      keys_(open_stored_log(place.database), WrappingKey(read_secret_key(place.wrapping_key))),
      encoder_(checked_index(place), keys_, timekeeper_.boot_id()),
      published_(place.database),
      anchor_(compared_anchor(place)),
      newest_(newest_entry()),
      steps_(watch_from(newest_)),
      reserve_(place.reserve, reserve_bytes),
      head_{store_->head_size(), store_->root(), store_->checkpoint()},
      thread_("sekisho-log", [this](const std::stop_token&) { run(); }) {}

LogWriter::~LogWriter() {
  queue_.close();
  thread_.end();
}

Receipt LogWriter::append(const Event& event) {
  return append(encode({&event, 1}), origin_of(event.code));
}

/// The log keeps the order: when the last is durable, all are.
Receipt LogWriter::append(std::span<const Event> events) {
  constexpr std::size_t kAtOnce = 256;
  for (; events.size() > 1; events = events.subspan(std::min(kAtOnce, events.size() - 1))) {
    queue_.put(encode(events.first(std::min(kAtOnce, events.size() - 1))), CommitQueue::Haste::soon,
               origin_of(events.front().code));
  }
  return append(events.front());
}

Receipt LogWriter::append(const Event& event, Deed deed) {
  const auto* shred = std::get_if<Shred>(&deed);
  const auto shredded = shred ? std::optional(shred->subject) : std::nullopt;
  std::vector<Draft> drafts = encode({&event, 1});
  drafts.front().deed = std::move(deed);
  const Receipt receipt = append(std::move(drafts), origin_of(event.code));
  if (shredded) keys_.forget(*shredded);
  return receipt;
}

void LogWriter::append_later(const Event& event) {
  try {
    queue_.put(encode({&event, 1}), CommitQueue::Haste::later, origin_of(event.code));
  } catch (const AuditError&) {
    // Told already, or told when the log closes; the effect is past.
  }
}

void LogWriter::flush() {
  const auto last = queue_.last();
  if (last && !last->wait()) throw AuditError(broken());
}

Head LogWriter::head() const {
  const core::MutexLock lock(mutex_);
  return head_;
}

std::optional<NoteVerifier> LogWriter::signer_of(std::uint64_t size) {
  return published_.signer_of(size, signer_.verifier());
}

std::optional<core::Bytes> LogWriter::file(const LogFile& file) {
  auto bytes = published_.file(file);
  if (bytes && file.kind == LogFile::Kind::checkpoint) {
    anchor(std::string(core::as_text(*bytes)));
  }
  return bytes;
}

std::optional<LogProof> LogWriter::proof(std::uint64_t seq) {
  return anchored(published_.proof(seq));
}

std::optional<Proof> LogWriter::consistency(std::uint64_t old_size, std::uint64_t size) {
  return published_.consistency(old_size, size);
}

std::optional<LogProof> LogWriter::receipt(const ReceiptId& id, const ReceiptAsker& asker) {
  if (id.log != signer_.verifier().name()) return std::nullopt;
  const Subject recipient = encoder_.index().subject(SubjectKind::recipient, asker.recipient_id);
  std::shared_ptr<const WitnessedCheckpoint> witnessed;
  {
    const core::MutexLock lock(mutex_);
    witnessed = witnessed_;
  }
  return anchored(published_.receipt(id.number, {recipient, asker.knows}, witnessed.get()));
}

void LogWriter::anchor(const std::string& checkpoint) {
  if (anchor_ == nullptr) return;
  try {
    anchor_->raise(checkpoint);
  } catch (const DiskFull&) {
    throw;  // it does not leave now, and may later
  } catch (const AuditError& error) {
    const Event trouble = anchor_trouble_event();
    break_down(error.what(), encode({&trouble, 1}));
    throw;
  }
}

void LogWriter::hold_witnessed(WitnessedCheckpoint checkpoint) {
  auto held = std::make_shared<const WitnessedCheckpoint>(std::move(checkpoint));
  const core::MutexLock lock(mutex_);
  witnessed_ = std::move(held);
}

/// A rotation that a crash interrupted is settled first: it replaces the file that is locked.
FileLock LogWriter::locked(const AuditPlace& place) {
  finish_rotation(place);
  return FileLock(place.signing_key);
}

/// The first entry names the key that hashes identifiers: under another one no history is found.
IndexKey LogWriter::checked_index(const AuditPlace& place) {
  IndexKey index(read_secret_key(place.index_key));
  const std::optional<Entry> opening = store_->entry(0);
  if (!opening || opening->event != event_name(EventCode::log_open)) {
    throw AuditError("audit.db does not begin with the entry that opens a log");
  }
  const auto id = opening->facts.find("index_key");
  if (id == opening->facts.end() || id->second != core::to_hex(index.id())) {
    throw AuditError("audit-index.key is not the key of this log: restore it");
  }
  return index;
}

/// Null where the place has none.
std::unique_ptr<Anchor> LogWriter::compared_anchor(const AuditPlace& place) const {
  if (!place.anchor) return nullptr;
  return std::make_unique<Anchor>(*place.anchor, signer_.verifier(), store_->stored(),
                                  store_->head_size());
}

/// There is one: that which opens the log, at least.
Entry LogWriter::newest_entry() {
  auto newest = store_->entry(store_->head_size() - 1);
  if (!newest) throw AuditError("the last entry of audit.db cannot be read");
  return *std::move(newest);
}

StepWatch LogWriter::watch_from(const Entry& newest) const {
  if (newest.boot != timekeeper_.boot_id()) return StepWatch::after_boot(newest.time);
  return StepWatch::within_boot({newest.time, newest.uptime, newest.clock});
}

std::vector<Draft> LogWriter::encode(std::span<const Event> events) {
  try {
    return encoder_.encode(events);
  } catch (const std::exception& error) {
    // What cannot be put on record must not happen, and nothing after it.
    break_down(describe(error));
    throw AuditError(broken());
  }
}

Receipt LogWriter::append(std::vector<Draft> drafts, CommitQueue::Origin origin) {
  const auto [batch, index] = queue_.put(std::move(drafts), CommitQueue::Haste::awaited, origin);
  if (!batch->wait()) throw AuditError(broken());
  return Receipt({signer_.verifier().name(), batch->first_seq() + index}, batch->leaf(index));
}

std::optional<LogProof> LogWriter::anchored(std::optional<LogProof> proof) {
  if (proof) anchor(proof->checkpoint);
  return proof;
}

/// The first reason is the only one that is told. `last` go on record behind what is queued,
/// where that can still be written.
void LogWriter::break_down(const std::string& reason, std::vector<Draft> last) {
  const std::string told = "the audit log is broken until the next start: " + reason;
  if (queue_.break_down(told, std::move(last))) log_(core::Severity::error, told);
}

}  // namespace sekisho::audit
