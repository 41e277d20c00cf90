// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/proxy_complaints.h"

#include <string>

namespace sekisho::http {
namespace {

constexpr std::chrono::minutes kInterval{1};

}  // namespace

void ProxyComplaints::report(const core::IpAddress& proxy, std::string_view sent) {
  const auto now = core::SteadyClock::now();
  {
    core::MutexLock lock(mutex_);
    if (last_ && now - *last_ < kInterval) return;
    last_ = now;
  }
  report_(core::Severity::warning,
          "gateway: the proxy at " + proxy.text() + " sent " + std::string(sent) +
              ": nobody is served through it like that. Have it send version 2 (HAProxy: "
              "\"send-proxy-v2\"), or take it out of \"ProxyPeers\".");
}

}  // namespace sekisho::http
