// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

#include "core/mutex.h"

namespace sekisho::plugin {

/// When to store nothing for a moment, so that Orthanc can stop. Told to end, Orthanc first waits
/// until no instance has come for 100 ms (LuaScripting::Stop() of 1.10.1, with or without a
/// script), and only then says that it stops: whoever stores one after another puts that off until
/// all are stored. So a second of storing is followed by a pause. Any thread may call any method.
class StoringPauses {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// To be called when an instance has been stored, and due() behind it.
  void note(Moment stored_at);
  /// When a pause is over that is due; whoever waited for it asks again, for somebody may have
  /// stored meanwhile. `nullopt`: store on.
  std::optional<Moment> due(Moment now);

 private:
  core::Mutex mutex_;
  Moment began_ SEKISHO_GUARDED_BY(mutex_);  ///< when the first was stored after the last pause
  Moment last_ SEKISHO_GUARDED_BY(mutex_);   ///< when one was stored
};

}  // namespace sekisho::plugin
