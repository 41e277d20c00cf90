// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "audit/error.h"
#include "audit/proof/note.h"
#include "audit/proof/proof.h"
#include "audit/store/stored_log.h"
#include "core/mutex.h"

namespace sekisho::audit {

/// The database lacks entries that the anchor says were signed.
class OlderThanAnchor : public AuditError {
 public:
  OlderThanAnchor(std::uint64_t size, std::uint64_t anchored);
  std::uint64_t missing() const { return missing_; }

 private:
  std::uint64_t missing_;
};

/// The newest signed head, in a directory that backups of the log leave out: what shows that
/// audit.db was put back to an earlier state. Any thread.
class Anchor {
 public:
  /// Makes the anchor of a log whose checkpoint this is. Throws AuditError where there is one.
  static void create(const std::filesystem::path& file, const std::string& checkpoint);

  /// Reads it and compares: `stored` must hold what it says, and may hold more. Throws AuditError
  /// where it is missing, not signed by `log` or the key before it or of another past, and
  /// OlderThanAnchor where it is ahead of the database.
  Anchor(std::filesystem::path file, const NoteVerifier& log, StoredLog& stored,
         std::uint64_t size);

  /// On return it is durably no older than this checkpoint of the log's own: to be called before
  /// one is published. Throws DiskFull where there was no room for it, else AuditError.
  void raise(const std::string& checkpoint);

 private:
  const std::filesystem::path file_;
  core::Mutex mutex_;
  std::uint64_t size_;  // guarded by mutex_
};

}  // namespace sekisho::audit
