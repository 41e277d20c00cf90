// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "audit/export/export_record.h"
#include "audit/export/message.h"
#include "audit/export/repository_link.h"
#include "audit/place.h"
#include "core/log.h"
#include "core/time.h"

namespace sekisho::audit {

struct RepositoryOptions {
  RepositoryAddress address;
  Identifiers identifiers = Identifiers::hashed;
  std::string enterprise_site;                ///< may be empty
  std::chrono::minutes checkpoint_every{10};  ///< while the log grows
  /// How long a first failure keeps it from trying again; each further one doubles that, up to
  /// 5 minutes.
  std::chrono::milliseconds retry_after{1'000};
};

/// How it goes, for staff.
struct RepositoryState {
  std::uint64_t delivered = 0;  ///< entries, from the first
  std::uint64_t behind = 0;     ///< entries that are not delivered
  std::optional<core::Time> last_delivery;
  std::string trouble;  ///< empty while all is well
};

/// Sends every entry of a log to an audit record repository, in order, and now and then the signed
/// head, over a thread of its own. The log is the spool: what is delivered is a number in a file
/// beside it. Nothing waits for it, whatever the repository does.
///
/// What is sent was either confirmed by the repository or is sent again: at most the batch that was
/// under way when a connection broke or the process died arrives twice.
class RepositoryFeed {
 public:
  /// Called with a checkpoint of the log before it leaves; if it throws, it does not leave.
  using Gate = std::function<void(const std::string& checkpoint)>;
  /// `origin` is the log's. Throws LinkError where the thread cannot be had; all other trouble is
  /// told by state(), and in the log when it begins and when it is over.
  RepositoryFeed(const AuditPlace& place, std::string origin, RepositoryOptions options, Gate gate,
                 core::Clock clock, core::Log log);
  /// Ends a delivery under way: it is made again when the next feed starts.
  ~RepositoryFeed();
  RepositoryFeed(const RepositoryFeed&) = delete;
  RepositoryFeed& operator=(const RepositoryFeed&) = delete;

  /// Any thread.
  RepositoryState state() const;

 private:
  class Sender;
  std::unique_ptr<Sender> sender_;
};

}  // namespace sekisho::audit
