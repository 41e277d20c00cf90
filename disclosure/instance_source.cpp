// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/instance_source.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "disclosure/fetch.h"

namespace sekisho::disclosure {
namespace {

using anonymization::Masked;

constexpr std::int64_t kLivenessHoldsFor_us = 100'000;

/// The series of `instances` that staff have approved, ascending.
std::vector<core::SeriesKey> approved_of(const ShareView& view,
                                         const std::vector<InstanceRef>& instances) {
  std::vector<core::SeriesKey> approved;
  const ShownSeries* last = nullptr;
  for (const InstanceRef& instance : instances) {
    if (view.approved().empty() || instance.series == last) continue;
    last = instance.series;
    core::SeriesKey series = instance.key().series;
    if (std::ranges::binary_search(view.approved(), series)) approved.push_back(std::move(series));
  }
  std::ranges::sort(approved);
  return approved;
}

}  // namespace

InstanceSource::InstanceSource(const Ports& ports, std::shared_ptr<const ShareView> view,
                               std::vector<InstanceRef> instances, std::uint64_t receipt,
                               core::Time live_at)
    : ports_(ports),
      view_(std::move(view)),
      instances_(std::move(instances)),
      approved_(approved_of(*view_, instances_)),
      receipt_(receipt),
      asked_at_us_(live_at.time_since_epoch().count()) {}

Masked InstanceSource::open(std::size_t index) {
  const auto refuse = [&](std::string_view why) {
    const std::string text = "share " + view_->share().text() + ", receipt " +
                             std::to_string(receipt_) + ": answer cut, " + std::string(why);
    ports_.report(core::Severity::warning, text);
    throw std::runtime_error(text);
  };
  if (!ports_.shares.is_live(view_->share(), ports_.clock(), approved_)) {
    stop_ = Stop::dead_share;
    refuse("the share is no longer live, or an approval was withdrawn");
  }
  auto fetched = fetch(ports_.store, *view_, instances_[index]);
  if (const auto* why = std::get_if<Unavailable>(&fetched)) {
    stop_ = Stop::unavailable;
    refuse("an instance is " + std::string(name(*why)));
  }
  return std::move(std::get<Masked>(fetched));
}

bool InstanceSource::may_go_on() const {
  const core::Time now = ports_.clock();
  const std::int64_t now_us = now.time_since_epoch().count();
  const std::int64_t asked_at = asked_at_us_.load(std::memory_order_relaxed);
  const bool fresh = now_us >= asked_at && now_us - asked_at < kLivenessHoldsFor_us;
  if (fresh || !live_) return live_;
  try {
    if (!ports_.shares.is_live(view_->share(), now, approved_)) live_ = false;
  } catch (const core::db::Error&) {
    // Asked between two buffers, where nobody waits for an exception: what cannot be known to be
    // live is not.
    live_ = false;
  }
  asked_at_us_.store(now_us, std::memory_order_relaxed);
  return live_;
}

Ending InstanceSource::ending(bool complete) const {
  if (complete) return Ending::complete;
  if (stop() == Stop::unavailable) return Ending::unavailable;
  return stop() == Stop::dead_share ? Ending::revoked : Ending::aborted;
}

}  // namespace sekisho::disclosure
