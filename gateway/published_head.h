// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "audit/audit_log.h"
#include "core/bytes.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/time.h"

namespace sekisho::gateway {

/// The head of the access log that recipients are shown, taken anew once a minute: one of each
/// moment would tell every recipient when others are served, and how much. Any thread.
class PublishedHead {
 public:
  static constexpr std::chrono::minutes kInterval{1};

  /// The file, as it was when the log had that head; `nullopt` where it has none then. Throws what
  /// AuditLog::file() throws.
  std::optional<core::Bytes> file(const audit::LogFile& file, audit::AuditLog& log, core::Time now);

 private:
  struct Head {
    core::Bytes checkpoint;
    std::uint64_t size = 0;
    core::Time taken_at;
  };
  Head head(audit::AuditLog& log, core::Time now);

  core::Mutex mutex_;
  std::optional<Head> head_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::gateway
