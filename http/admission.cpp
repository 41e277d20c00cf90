// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/admission.h"

#include <utility>

namespace sekisho::http {

std::optional<Admission::Entered> Admission::enter(const std::string& site, Standing standing) {
  const core::MutexLock lock(mutex_);
  const auto place = find_place(site, standing);
  if (!place) return std::nullopt;
  const Number number = next_++;
  visitors_.emplace(number, Visitor());
  occupy(number, site, standing);
  return Entered{*place, Ticket(*this, number)};
}

Admission::Entered Admission::wait_in_front() {
  const core::MutexLock lock(mutex_);
  Place place;
  if (!in_front_.empty() && static_cast<int>(in_front_.size()) >= places_.waiting) {
    place.displaced = *in_front_.begin();
    give_up_place(*place.displaced, visitors_.at(*place.displaced));
  }
  const Number number = next_++;
  visitors_.emplace(number, Visitor());
  in_front_.insert(number);
  return Entered{place, Ticket(*this, number)};
}

std::optional<Admission::Place> Admission::take_place(Number number, const std::string& site,
                                                      Standing standing) {
  const core::MutexLock lock(mutex_);
  if (in_front_.erase(number) == 0) return std::nullopt;
  visitors_.at(number).where = Where::displaced;
  const auto place = find_place(site, standing);
  if (place) occupy(number, site, standing);
  return place;
}

std::optional<Admission::Place> Admission::find_place(const std::string& site, Standing standing) {
  if (!site.empty()) {
    const auto found = per_site_.find(site);
    if (found != per_site_.end() && found->second >= places_.per_site) return std::nullopt;
  }
  const int inside = of(Standing::stranger).inside + of(Standing::known).inside;
  const bool is_full =
      inside >= places_.all ||
      (standing == Standing::stranger && of(standing).inside >= places_.all - places_.reserved);
  Place place;
  if (is_full) {
    place.displaced = longest_arriving(standing);
    if (!place.displaced) return std::nullopt;
    give_up_place(*place.displaced, visitors_.at(*place.displaced));
  }
  return place;
}

void Admission::occupy(Number number, const std::string& site, Standing standing) {
  visitors_.at(number) = {Where::inside, site, standing};
  if (!site.empty()) ++per_site_[site];
  ++of(standing).inside;
  of(standing).arriving.insert(number);
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
  const Where where = std::exchange(visitor.where, Where::displaced);
  if (where == Where::in_front) in_front_.erase(number);
  if (where != Where::inside) return;
  --of(visitor.standing).inside;
  of(visitor.standing).arriving.erase(number);
  const auto found = per_site_.find(visitor.site);
  if (found != per_site_.end() && --found->second == 0) per_site_.erase(found);
}

bool Admission::settle(Number number) {
  const core::MutexLock lock(mutex_);
  const Visitor& visitor = visitors_.at(number);
  of(visitor.standing).arriving.erase(number);
  return visitor.where == Where::inside;
}

void Admission::leave(Number number) {
  const core::MutexLock lock(mutex_);
  const auto found = visitors_.find(number);
  give_up_place(number, found->second);
  visitors_.erase(found);
  // Under the lock: whoever waits may destroy this as soon as it is released.
  if (visitors_.empty()) empty_.notify_all();
}

int Admission::inside() const {
  const core::MutexLock lock(mutex_);
  return static_cast<int>(visitors_.size());
}

bool Admission::wait_until_empty(std::chrono::milliseconds patience) {
  core::MutexLock lock(mutex_);
  return empty_.wait_for(lock, patience, [this] { return visitors_.empty(); });
}

void Admission::wait_until_empty() {
  core::MutexLock lock(mutex_);
  empty_.wait(lock, [this] { return visitors_.empty(); });
}

}  // namespace sekisho::http
