// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/looks.h"

#include <algorithm>
#include <atomic>
#include <stop_token>
#include <utility>

namespace sekisho::disclosure {

struct Look::State {
  static constexpr std::int64_t kUnknown = -1;

  LookProgress progress() const {
    LookProgress now{id, subject, started_at, done.load(std::memory_order_relaxed), {}};
    const std::int64_t expected = total.load(std::memory_order_relaxed);
    if (expected != kUnknown) now.total = static_cast<std::uint64_t>(expected);
    return now;
  }

  const LookId id;
  const LookSubject subject;
  const core::Time started_at;
  std::stop_source given_up{};
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::int64_t> total = kUnknown;
};

std::string_view name(LookFor purpose) {
  switch (purpose) {
    case LookFor::preview:
      return "preview";
    case LookFor::creation:
      return "creation";
    case LookFor::approval:
      return "approval";
    case LookFor::view:
      return "view";
  }
  return {};
}

Look::Look(Looks& looks, std::shared_ptr<State> state, const core::Demand& wanted)
    : looks_(looks),
      state_(std::move(state)),
      demand_(state_->given_up.get_token(), [wanted] { return !wanted.is_over(); }) {}

Look::~Look() {
  if (state_) looks_.end(*state_);
}

void Look::expect(std::size_t instances) {
  state_->total.store(static_cast<std::int64_t>(instances), std::memory_order_relaxed);
}

void Look::add_done(std::size_t instances) {
  state_->done.fetch_add(instances, std::memory_order_relaxed);
}

Look Looks::begin(LookSubject subject, const core::Demand& wanted) {
  return *begin_as(LookId::random(), std::move(subject), wanted);
}

std::optional<Look> Looks::begin_as(const LookId& id, LookSubject subject,
                                    const core::Demand& wanted) {
  auto state = std::make_shared<Look::State>(id, std::move(subject), clock_());
  Look look(*this, state, wanted);
  const core::MutexLock lock(mutex_);
  const auto has_the_name = [&](const auto& other) { return other->id == id; };
  if (std::ranges::any_of(under_way_, has_the_name)) return std::nullopt;
  under_way_.push_back(std::move(state));
  return look;
}

std::vector<LookProgress> Looks::under_way() const {
  const core::MutexLock lock(mutex_);
  std::vector<LookProgress> all;
  for (const auto& each : under_way_) all.push_back(each->progress());
  return all;
}

std::optional<LookProgress> Looks::find(const LookId& id) const {
  const auto look = named(id);
  return look == nullptr ? std::nullopt : std::optional(look->progress());
}

bool Looks::give_up(const LookId& id) {
  const auto look = named(id);
  if (look != nullptr) look->given_up.request_stop();
  return look != nullptr;
}

std::shared_ptr<Look::State> Looks::named(const LookId& id) const {
  const core::MutexLock lock(mutex_);
  const auto found = std::ranges::find(under_way_, id, [](const auto& each) { return each->id; });
  return found == under_way_.end() ? nullptr : *found;
}

void Looks::end(const Look::State& look) noexcept {
  const core::MutexLock lock(mutex_);
  std::erase_if(under_way_, [&](const auto& each) { return each.get() == &look; });
}

}  // namespace sekisho::disclosure
