// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>

#include "audit/entry/seal.h"
#include "core/mutex.h"

namespace sekisho::audit {

class StoredLog;

/// The keys of text, one for each subject, of which the log has the wrapped form. Any thread may
/// call; a database failure throws core::DatabaseError.
class KeyRing {
 public:
  /// Over a connection of its own. Throws AuditError if the log holds keys that `wrapping` did not
  /// wrap.
  KeyRing(std::unique_ptr<StoredLog> log, WrappingKey wrapping);
  ~KeyRing();
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

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
  core::Mutex mutex_;
  // Guarded by mutex_.
  const std::unique_ptr<StoredLog> log_;
  std::map<Subject, std::shared_ptr<TextKey>> keys_;
};

}  // namespace sekisho::audit
