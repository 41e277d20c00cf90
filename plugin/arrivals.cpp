// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/arrivals.h"

namespace sekisho::plugin {

/// A clock that was set back makes an answer one of the future, which is none.
std::uint64_t Arrivals::untold(core::Time since) {
  const core::MutexLock lock(mutex_);
  const core::Time now = clock_();
  if (known_ && since <= known_->asked_at && known_->asked_at <= now) return untold_;
  const auto last = source_.last_change();
  if (!known_ || !tell(known_->last_change, last)) ++untold_;
  known_ = Known{last, now};
  return untold_;
}

bool Arrivals::tell(const std::optional<Number>& before, const std::optional<Number>& last) {
  if (!before || !last || *last < *before) return false;
  if (*last == *before) return true;
  const auto grown = source_.grown(*before, *last);
  if (!grown) return false;
  for (const std::string& id : *grown) on_grown_(id);
  return true;
}

}  // namespace sekisho::plugin
