// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/liveness.h"

#include <exception>
#include <utility>

namespace sekisho::disclosure {
namespace {

constexpr std::int64_t kHoldsFor_us = 100'000;

std::int64_t microseconds(core::Time time) { return time.time_since_epoch().count(); }

}  // namespace

Liveness::Liveness(const Ports& ports, sharing::ShareId share,
                   std::vector<core::SeriesKey> approved, sharing::Credential credential,
                   core::Time live_at)
    : ports_(ports),
      share_(std::move(share)),
      approved_(std::move(approved)),
      credential_(std::move(credential)),
      asked_at_us_(microseconds(live_at)) {}

Liveness::State Liveness::recently() const noexcept {
  const core::Time at = ports_.clock();
  const std::int64_t asked_at = asked_at_us_.load(std::memory_order_relaxed);
  const bool is_fresh = microseconds(at) >= asked_at && microseconds(at) - asked_at < kHoldsFor_us;
  return is_fresh ? found() : ask(at);
}

Liveness::State Liveness::now() const noexcept { return ask(ports_.clock()); }

core::Demand Liveness::demand(std::stop_token stop) const {
  return core::Demand(std::move(stop), [this] { return recently() == State::live; });
}

Liveness::State Liveness::ask(core::Time at) const noexcept {
  if (found() != State::live) return found();
  try {
    if (!ports_.shares.is_live(share_, at, approved_) ||
        !sharing::holds(credential_, ports_.recipients, at)) {
      state_ = State::ended;
    }
  } catch (const std::exception&) {
    // Asked between two buffers, where nobody waits for an exception: what cannot be known to be
    // live is not.
    state_ = State::unknown;
  }
  asked_at_us_.store(microseconds(at), std::memory_order_relaxed);
  return found();
}

}  // namespace sekisho::disclosure
