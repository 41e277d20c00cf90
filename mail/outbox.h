// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/time.h"
#include "mail/letter.h"

namespace sekisho::mail {

/// A letter that waits to be sent.
struct Waiting {
  Letter letter;
  int failures = 0;  ///< how often the server did not take it
};

/// How many letters there are.
struct Count {
  int waiting = 0;
  std::optional<core::Time> oldest{};  ///< when the oldest of these was written
  int given_up = 0;                    ///< within kGivenUpIsTold
};

/// So long it is told that a letter was given up.
inline constexpr std::chrono::days kGivenUpIsTold{7};

/// The durable home of letters on their way; on return what a method did is on disk, and what is in
/// them is not to be read there. Any thread may call any method; one sends. A failure throws
/// core::DatabaseError.
class Outbox {
 public:
  virtual ~Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  virtual void put(const Letter& letter) = 0;
  /// The one of which the turn is next, if its time has come.
  virtual std::optional<Waiting> next(core::Time now) const = 0;
  /// It is gone.
  virtual void sent(const LetterId& id) = 0;
  /// The server did not take it; its turn comes again at `again_at`.
  virtual void failed(const LetterId& id, core::Time again_at) = 0;
  virtual Count count(core::Time now) const = 0;
  /// Gives up what nobody needs any more, and forgets what was given up long ago. To be called now
  /// and then.
  virtual void forget(core::Time now) = 0;

 protected:
  Outbox() = default;
};

}  // namespace sekisho::mail
