// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/known_networks.h"

#include <algorithm>
#include <utility>

namespace sekisho::gateway {

void KnownNetworks::refresh() {
  const std::uint64_t version = recipients_.version();
  {
    const core::MutexLock lock(mutex_);
    if (version == known_version_) return;
  }
  auto fresh = std::make_shared<const Networks>(recipients_.networks_in_use());
  const core::MutexLock lock(mutex_);
  networks_ = std::move(fresh);
  known_version_ = version;
}

std::shared_ptr<const KnownNetworks::Networks> KnownNetworks::networks() const {
  const core::MutexLock lock(mutex_);
  return networks_;
}

bool KnownNetworks::contains(const core::IpAddress& address) const {
  const auto known = networks();
  return std::ranges::any_of(
      *known, [&](const core::Network& network) { return network.contains(address); });
}

}  // namespace sekisho::gateway
