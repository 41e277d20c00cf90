// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "audit/entry/seal.h"
#include "core/database.h"

namespace sekisho::audit {

/// The keys of text, one for each subject, of which the database has the wrapped form. Any thread
/// may call; a database failure throws db::Error.
class KeyRing {
 public:
  /// Throws AuditError if the database holds keys that `wrapping` did not wrap.
  KeyRing(const std::filesystem::path& database, WrappingKey wrapping);

  /// The subject's key, made now if it has none yet: then it is not `stored`, and whoever commits
  /// the first entry that uses it stores it in the same transaction. Throws AuditError if the
  /// stored one cannot be unwrapped.
  std::shared_ptr<TextKey> key_for(const Subject& subject);
  /// After its row was shredded: the next one is a new one.
  void forget(const Subject& subject);

 private:
  std::shared_ptr<TextKey> load(const Subject& subject);
  std::shared_ptr<TextKey> make(const Subject& subject) const;
  void forget_stored();

  const WrappingKey wrapping_;
  std::mutex mutex_;
  // Guarded by mutex_.
  core::db::Database database_;
  core::db::Statement find_;
  std::map<Subject, std::shared_ptr<TextKey>> keys_;
};

}  // namespace sekisho::audit
