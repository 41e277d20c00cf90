// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/denial_ledger.h"

#include <utility>

#include "core/network.h"

namespace sekisho::disclosure {
namespace {

Refused at_its_site(Refused who) {
  const auto address = core::IpAddress::parse(who.address);
  if (address) who.address = core::Network::site_of(*address).text();
  return who;
}

}  // namespace

DenialLedger::Treatment DenialLedger::note(const Refused& who, core::Time now) {
  Refused site = at_its_site(who);
  const core::MutexLock lock(mutex_);
  if (by_site_.empty() && others_ == 0) window_end_ = now + kWindow;
  const auto found = by_site_.find(site);
  if (found != by_site_.end()) {
    return ++found->second.times > kSingly ? Treatment::count : Treatment::record;
  }
  if (by_site_.size() >= kAtOnce) {
    ++others_;
    return Treatment::count;
  }
  by_site_.emplace(std::move(site), Repeated{who, 1});
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
  for (const auto& [site, noted] : by_site_) {
    if (noted.times > kSingly) repeated.push_back({noted.who, noted.times - kSingly});
  }
  by_site_.clear();
  const std::uint64_t others = std::exchange(others_, 0);
  if (others > 0) repeated.push_back({{}, others});
  return repeated;
}

}  // namespace sekisho::disclosure
