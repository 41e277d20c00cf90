// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "disclosure/ending.h"

namespace sekisho::disclosure {

class Viewings;
struct Viewing;  // one intent on record and what has left under it

/// One answer that may leave: its intent is durable. One thread at a time. Who lets go of it
/// without saying how it ended leaves it aborted without a byte.
class Showing {
 public:
  Showing(Showing&&) noexcept = default;
  Showing& operator=(Showing&&) = delete;
  ~Showing();

  /// Of the intent: the same for all answers of one viewing.
  const audit::Receipt& receipt() const;
  /// Once. `instances` were sent whole, and so many frames or pictures of frames by themselves.
  void end(Ending ending, std::uint64_t instances, std::uint64_t bytes,
           std::uint64_t frames = 0) noexcept;

 private:
  friend class Viewings;
  Showing(Viewings& viewings, std::shared_ptr<Viewing> viewing)
      : viewings_(viewings), viewing_(std::move(viewing)) {}
  Viewings& viewings_;
  std::shared_ptr<Viewing> viewing_;  ///< null once it has ended
};

/// Puts transfers on record: an intent before anything leaves, an outcome when all is over. Answers
/// that one client takes from one series one behind the other are one viewing: they share an intent
/// and an outcome that counts them (docs/adr/0004-one-viewing-one-intent.md). Who may have what is
/// decided before, answer by answer. Any thread may call any method.
class Viewings {
 public:
  /// From the intent on, nothing joins a viewing after so long.
  static constexpr std::chrono::seconds kLongest{60};
  /// A viewing is over when nothing was under way for so long.
  static constexpr std::chrono::seconds kQuiet{10};

  /// `log` outlives this.
  Viewings(audit::AuditLog& log, core::Clock clock);
  /// As close_all(). Every Showing has gone.
  ~Viewings();
  Viewings(const Viewings&) = delete;
  Viewings& operator=(const Viewings&) = delete;

  /// A transfer of its own. Throws audit::AuditError: then nothing may leave.
  Showing begin(const audit::Event& intent);
  /// Part of the viewing whose intent says the same but for the request, under the same credential;
  /// the first of a new one where none is open. Throws audit::AuditError: then nothing may leave.
  Showing join(const audit::Event& intent, std::string_view credential);

  /// Says whether the share with this id is live.
  using IsLive = std::function<bool(const std::string& share_id)>;
  /// Puts on record the outcomes of viewings that are over: quiet, too old, of a dead share. To be
  /// called every second or so.
  void close_finished(const IsLive& is_live);
  /// Of all but those with an answer under way: they are over when that ends.
  void close_all();

 private:
  friend class Showing;
  using Key = std::vector<std::string>;
  using Open = std::map<Key, std::shared_ptr<Viewing>>;
  using Finished = std::vector<std::shared_ptr<Viewing>>;

  void leave(Viewing& viewing, Ending ending, std::uint64_t instances, std::uint64_t bytes,
             std::uint64_t frames) noexcept;
  std::shared_ptr<Viewing> wait_for_intent(core::MutexLock& lock, std::shared_ptr<Viewing> viewing)
      SEKISHO_REQUIRES(mutex_);
  /// Nothing joins it any more.
  Open::iterator shut(Open::iterator viewing, Finished& finished) SEKISHO_REQUIRES(mutex_);
  void record(const Finished& finished);

  audit::AuditLog& log_;
  const core::Clock clock_;  ///< read with mutex_ held: who comes second never has the earlier time
  core::Mutex mutex_;
  core::Condition begun_;
  Open open_ SEKISHO_GUARDED_BY(mutex_);  ///< those that may be joined
};

}  // namespace sekisho::disclosure
