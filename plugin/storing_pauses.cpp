// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/storing_pauses.h"

namespace sekisho::plugin {
namespace {

constexpr std::chrono::milliseconds kRun{1000};
/// Orthanc takes its time to hear of what was stored last.
constexpr std::chrono::milliseconds kPause{200};

}  // namespace

void StoringPauses::note(Moment stored_at) {
  const core::MutexLock lock(mutex_);
  if (stored_at - last_ >= kPause) began_ = stored_at;
  last_ = stored_at;
}

std::optional<StoringPauses::Moment> StoringPauses::due(Moment now) {
  const core::MutexLock lock(mutex_);
  if (last_ - began_ < kRun) return std::nullopt;
  const Moment over = last_ + kPause;
  if (now < over) return over;
  began_ = last_ = now;
  return std::nullopt;
}

}  // namespace sekisho::plugin
