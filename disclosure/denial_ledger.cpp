// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/denial_ledger.h"

#include <utility>

namespace sekisho::disclosure {

DenialLedger::Treatment DenialLedger::note(const Refused& who, core::Time now) {
  const core::MutexLock lock(mutex_);
  if (times_.empty() && others_ == 0) window_end_ = now + kWindow;
  const auto found = times_.find(who);
  if (found != times_.end()) {
    return ++found->second > kSingly ? Treatment::count : Treatment::record;
  }
  if (times_.size() >= kAtOnce) {
    ++others_;
    return Treatment::count;
  }
  times_.emplace(who, 1);
  return Treatment::record;
}

std::vector<DenialLedger::Repeated> DenialLedger::take_finished(core::Time now) {
  const core::MutexLock lock(mutex_);
  return now < window_end_ ? std::vector<Repeated>() : take();
}

std::vector<DenialLedger::Repeated> DenialLedger::take_all() {
  const core::MutexLock lock(mutex_);
  return take();
}

std::vector<DenialLedger::Repeated> DenialLedger::take() {
  std::vector<Repeated> repeated;
  for (const auto& [who, times] : times_) {
    if (times > kSingly) repeated.push_back({who, times - kSingly});
  }
  times_.clear();
  const std::uint64_t others = std::exchange(others_, 0);
  if (others > 0) repeated.push_back({{}, others});
  return repeated;
}

}  // namespace sekisho::disclosure
