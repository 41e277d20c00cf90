// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/log.h"
#include "core/mutex.h"
#include "core/network.h"
#include "core/steady_clock.h"

namespace sekisho::http {

/// Tells the operator of proxies that are set up wrongly. Each of their connections would say the
/// same: once a minute is enough. Any thread.
class ProxyComplaints {
 public:
  explicit ProxyComplaints(const core::Log& report) : report_(report) {}
  /// `sent`: what came instead of a header that can be believed.
  void report(const core::IpAddress& proxy, std::string_view sent);

 private:
  const core::Log& report_;
  core::Mutex mutex_;
  std::optional<core::SteadyClock::time_point> last_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::http
