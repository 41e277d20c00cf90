// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/audit_log.h"

#include <utility>

#include "audit/error.h"
#include "audit/log_writer.h"
#include "core/database_error.h"

namespace sekisho::audit {

AuditLog::AuditLog(const AuditPlace& place, core::Clock clock, core::Log log, Uptime uptime,
                   std::uint64_t reserve_bytes) try
    : writer_(std::make_unique<LogWriter>(place, std::move(clock), std::move(log),
                                          std::move(uptime), reserve_bytes)) {
} catch (const core::DatabaseError& error) {
  throw AuditError("audit.db cannot be opened: " + describe(error));
}

AuditLog::~AuditLog() = default;

Receipt AuditLog::append(const Event& event) { return writer_->append(event); }

Receipt AuditLog::append(const Event& event, Deed deed) {
  return writer_->append(event, std::move(deed));
}

Receipt AuditLog::append(std::span<const Event> events) { return writer_->append(events); }

void AuditLog::append_later(const Event& event) { writer_->append_later(event); }

void AuditLog::flush() { writer_->flush(); }

std::optional<core::Bytes> AuditLog::file(const LogFile& file) { return writer_->file(file); }

std::optional<Proof> AuditLog::consistency(std::uint64_t old_size, std::uint64_t size) {
  return writer_->consistency(old_size, size);
}

std::optional<LogProof> AuditLog::proof(std::uint64_t seq) { return writer_->proof(seq); }

std::optional<LogProof> AuditLog::receipt(const ReceiptId& id, const ReceiptAsker& asker) {
  return writer_->receipt(id, asker);
}

void AuditLog::anchor(const std::string& checkpoint) { writer_->anchor(checkpoint); }

void AuditLog::hold_witnessed(WitnessedCheckpoint checkpoint) {
  writer_->hold_witnessed(std::move(checkpoint));
}

Subject AuditLog::subject(SubjectKind kind, std::string_view value) const {
  return writer_->index().subject(kind, value);
}

Head AuditLog::head() const { return writer_->head(); }

const std::string& AuditLog::origin() const { return verifier().name(); }

const NoteVerifier& AuditLog::verifier() const { return writer_->verifier(); }

std::optional<NoteVerifier> AuditLog::signer_of(std::uint64_t size) {
  return writer_->signer_of(size);
}

std::string AuditLog::broken() const { return writer_->broken(); }

Condition AuditLog::condition() const { return writer_->condition(); }

bool AuditLog::lacks_reserve() const { return writer_->lacks_reserve(); }

}  // namespace sekisho::audit
