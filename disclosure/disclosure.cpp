// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/disclosure.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>

#include "core/store_error.h"
#include "disclosure/fetch.h"

namespace sekisho::disclosure {
namespace {

using anonymization::Masked;

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

Disclosure::Disclosure(Granted granted, audit::Receipt receipt, std::unique_ptr<Showing> showing,
                       const Ports& ports, std::stop_token stop)
    : ports_(&ports),
      view_(std::move(granted.view_)),
      instances_(std::move(granted.instances_)),
      is_incomplete_(!granted.missing_.empty()),
      findings_(granted.findings_),
      receipt_(std::move(receipt)),
      showing_(std::move(showing)),
      first_(std::move(granted.first_)),
      liveness_(std::make_unique<Liveness>(ports, view_->share(), approved_of(*view_, instances_),
                                           std::move(granted.credential_), granted.granted_at_)),
      demand_(liveness_->demand(std::move(stop))) {}

ShownPath Disclosure::shown(std::size_t index) const {
  const InstanceRef& at = instances_[index];
  return {at.study->uid, at.series->uid, at.instance->uid};
}

Masked Disclosure::take(std::size_t index) {
  if (index == 0 && first_) {
    Masked first = *std::move(first_);
    first_.reset();
    return first;
  }
  refuse_unless_live(liveness_->now());
  std::variant<Masked, Unavailable> fetched = Unavailable::gone;
  try {
    fetched = fetch_patiently(instances_[index]);
  } catch (const core::DemandOver&) {
    refuse_unless_live(liveness_->found());
    throw;
  } catch (...) {
    fail();
    throw;
  }
  if (const auto* why = std::get_if<Unavailable>(&fetched)) {
    ended_ = Ending::unavailable;
    if (findings_ != nullptr) {
      findings_->keep(instances_[index].instance->original->revision, Fitness::unfit);
    }
    refuse(("an instance is " + std::string(name(*why))).c_str());
  }
  return std::get<Masked>(std::move(fetched));
}

/// Handed out as buffers are: while it is live, and as long as the archive has the file. Null where
/// take() has to say what there is.
MadeTexts::Text Disclosure::known(std::size_t index, MadeTexts& texts, std::string_view name) {
  auto text = texts.find(name);
  if (text == nullptr) return nullptr;
  refuse_unless_live(liveness_->recently());
  if (index == 0 && first_) {
    first_.reset();
    return text;
  }
  try {
    if (!ports_->store.open(instances_[index].key())) return nullptr;
  } catch (const core::StoreError&) {
    return nullptr;
  }
  return text;
}

/// An answer that has begun is not cut because others have the memory: who gets it waits as long as
/// clients wait for a byte.
std::variant<Masked, Unavailable> Disclosure::fetch_patiently(const InstanceRef& instance) {
  constexpr int kAttempts = 12;
  for (int attempt = 1;; ++attempt) {
    try {
      return fetch(*ports_, *view_, instance, ports_->memory.take(0), demand_);
    } catch (const core::MemoryShortage&) {
      if (attempt == kAttempts) throw;
    }
  }
}

void Disclosure::refuse_unless_live(Liveness::State state) {
  if (state == Liveness::State::ended) {
    refuse("the share or the credential is no longer live, or an approval was withdrawn");
  }
  if (state == Liveness::State::unknown) refuse("the database cannot say whether it is live");
}

void Disclosure::refuse(const char* why) {
  const std::string text = "share " + view_->share().text() + ", receipt " + receipt_.id().text() +
                           ": answer cut, " + why;
  ports_->report(core::Severity::warning, text);
  throw std::runtime_error(text);
}

void Disclosure::fail() noexcept {
  if (!ended_) ended_ = Ending::trouble;
}

void Disclosure::end(Ending ending, std::uint64_t instances, std::uint64_t bytes,
                     std::uint64_t frames) noexcept {
  if (!showing_) return;
  if (ending == Ending::complete) {
    if (is_incomplete_) ending = Ending::incomplete;
  } else if (ending != Ending::header) {
    const Liveness::State state = liveness_->found();
    if (state == Liveness::State::ended) ending = Ending::revoked;
    if (state == Liveness::State::unknown) ending = Ending::trouble;
    if (state == Liveness::State::live) ending = ended_.value_or(ending);
  }
  showing_->end(ending, instances, bytes, frames);
  showing_.reset();
}

audit::Event Disclosure::recorded(const Granted& granted, RecordedAs as, audit::Event event) {
  switch (as) {
    case RecordedAs::transfer:
      event.code = audit::EventCode::transfer_begin;
      break;
    case RecordedAs::viewing:
      // The one instance is authorised; the intent names its series.
      event.code = audit::EventCode::transfer_begin;
      event.detail = "viewing";
      return granted.recorded(std::move(event), Level::series);
    case RecordedAs::query:
      event.code = audit::EventCode::query;
      event.instances = granted.instances().size();
      if (!granted.missing().empty()) event.outcome = audit::Outcome::minor_failure;
      break;
  }
  return granted.recorded(std::move(event), granted.level());
}

Disclosure disclose(Granted granted, RecordedAs as, audit::Event event, Viewings& viewings,
                    const Ports& ports, std::stop_token stop) {
  const audit::Event recorded = Disclosure::recorded(granted, as, std::move(event));
  if (as == RecordedAs::query) {
    const audit::Receipt receipt = ports.log.append(recorded);
    return {std::move(granted), receipt, nullptr, ports, std::move(stop)};
  }
  auto showing = std::make_unique<Showing>(as == RecordedAs::viewing
                                               ? viewings.join(recorded, granted.credential().id)
                                               : viewings.begin(recorded));
  const audit::Receipt receipt = showing->receipt();
  return {std::move(granted), receipt, std::move(showing), ports, std::move(stop)};
}

audit::Event DisclosedRows::recorded(const Granted& rows, const audit::Event& event) {
  audit::Event recorded = rows.recorded(event, rows.level());
  recorded.instances = rows.instances().size();
  return recorded;
}

bool DisclosedRows::are_live(const std::vector<Granted>& rows,
                             const sharing::Credential& credential, const Ports& ports) {
  const core::Time now = ports.clock();
  std::vector<sharing::ShareStore::Asked> shares;
  shares.reserve(rows.size());
  for (const Granted& each : rows) shares.push_back({each.view().share(), each.view().approved()});
  return sharing::holds(credential, ports.recipients, now) && ports.shares.are_live(shares, now);
}

std::optional<DisclosedRows> disclose_rows(const std::vector<Granted>& rows,
                                           const audit::Event& event,
                                           const sharing::Credential& credential,
                                           const Ports& ports) {
  if (!DisclosedRows::are_live(rows, credential, ports)) return std::nullopt;
  std::vector<audit::Event> events;
  events.reserve(rows.size() + 1);
  for (const Granted& each : rows) events.push_back(DisclosedRows::recorded(each, event));
  if (events.empty()) {
    events.push_back(event);
    events.back().instances = 0;
  }
  DisclosedRows disclosed(ports.log.append(std::span<const audit::Event>(events)));
  if (!DisclosedRows::are_live(rows, credential, ports)) return std::nullopt;
  return disclosed;
}

}  // namespace sekisho::disclosure
