// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/admission.h"

namespace sekisho::http {

std::optional<Admission::Entered> Admission::enter(const std::string& site, Standing standing) {
  std::lock_guard lock(mutex_);
  if (!site.empty()) {
    const auto found = per_site_.find(site);
    if (found != per_site_.end() && found->second >= places_.per_site) return std::nullopt;
  }
  const int inside = of(Standing::stranger).inside + of(Standing::known).inside;
  const bool is_full =
      inside >= places_.all ||
      (standing == Standing::stranger && of(standing).inside >= places_.all - places_.reserved);
  std::optional<Number> displaced;
  if (is_full) {
    displaced = longest_arriving(standing);
    if (!displaced) return std::nullopt;
    give_up_place(*displaced, visitors_.at(*displaced));
  }
  const Number number = next_++;
  visitors_.emplace(number, Visitor{site, standing});
  if (!site.empty()) ++per_site_[site];
  ++of(standing).inside;
  of(standing).arriving.insert(number);
  return Entered{Ticket(*this, number), displaced};
}

/// Whose place `newcomer` takes: a stranger never that of somebody known.
std::optional<Admission::Number> Admission::longest_arriving(Standing newcomer) const {
  const auto& strangers = of(Standing::stranger).arriving;
  if (!strangers.empty()) return *strangers.begin();
  const auto& known = of(Standing::known).arriving;
  if (newcomer == Standing::known && !known.empty()) return *known.begin();
  return std::nullopt;
}

void Admission::give_up_place(Number number, Visitor& visitor) {
  visitor.has_place = false;
  --of(visitor.standing).inside;
  of(visitor.standing).arriving.erase(number);
  const auto found = per_site_.find(visitor.site);
  if (found != per_site_.end() && --found->second == 0) per_site_.erase(found);
}

bool Admission::settle(Number number) {
  std::lock_guard lock(mutex_);
  const Visitor& visitor = visitors_.at(number);
  of(visitor.standing).arriving.erase(number);
  return visitor.has_place;
}

void Admission::leave(Number number) {
  std::lock_guard lock(mutex_);
  const auto found = visitors_.find(number);
  if (found->second.has_place) give_up_place(number, found->second);
  visitors_.erase(found);
  // Under the lock: whoever waits may destroy this as soon as it is released.
  if (visitors_.empty()) empty_.notify_all();
}

int Admission::inside() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(visitors_.size());
}

bool Admission::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return visitors_.empty(); });
}

void Admission::wait_until_empty() {
  std::unique_lock lock(mutex_);
  empty_.wait(lock, [this] { return visitors_.empty(); });
}

}  // namespace sekisho::http
