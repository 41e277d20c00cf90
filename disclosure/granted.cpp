// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/granted.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <stdexcept>
#include <utility>

#include "audit/missing_fact.h"
#include "disclosure/objects.h"

namespace sekisho::disclosure {

using sharing::Denial;
using sharing::Grant;

namespace {

/// How long the first byte waits for files of which nothing is known: of sound ones, some 20,000 in
/// that time, of a disk that must seek for each, a hundred.
constexpr std::chrono::seconds kLookAhead{1};
/// Three entries of the log: who asks for a broken study again and again does not fill it.
constexpr std::size_t kMostNamed = 100;

/// A file that is there tells more than one that is gone or withheld.
Unavailable why_none(const std::vector<Missing>& missing) {
  const auto is_broken = [](const Missing& each) {
    return each.why == Unavailable::malformed || each.why == Unavailable::unmasked;
  };
  const auto broken = std::ranges::find_if(missing, is_broken);
  return (broken == missing.end() ? missing.front() : *broken).why;
}

}  // namespace

std::variant<Granted, Denial> Granted::ask(std::shared_ptr<const ShareView> view,
                                           const sharing::Share& share,
                                           const sharing::Authenticated& who,
                                           sharing::Permission permission,
                                           std::vector<InstanceRef> instances, Level level,
                                           core::Time now) {
  if (instances.empty()) return Denial::out_of_scope;
  const auto is_shown = [&](const InstanceRef& each) { return view->has(each); };
  if (view->share() != share.id || !std::ranges::all_of(instances, is_shown)) {
    throw std::logic_error("instances of another share");
  }
  std::vector<Grant> grants;
  for (const sharing::Object& object : objects_of(instances, level)) {
    auto decision = sharing::authorize(share, who, permission, object, now);
    if (const auto* denial = std::get_if<Denial>(&decision)) return *denial;
    grants.push_back(std::get<Grant>(std::move(decision)));
  }
  return Granted(std::move(view), share.intended_use, who.credential(), std::move(grants),
                 std::move(instances), level, now);
}

Granted::Granted(std::shared_ptr<const ShareView> view, sharing::IntendedUse intended_use,
                 sharing::Credential credential, std::vector<Grant> grants,
                 std::vector<InstanceRef> instances, Level level, core::Time granted_at)
    : view_(std::move(view)),
      intended_use_(intended_use),
      credential_(std::move(credential)),
      grants_(std::move(grants)),
      instances_(std::move(instances)),
      level_(level),
      granted_at_(granted_at) {}

/// Nothing that is known to be fit is read twice, and nothing is left out on hearsay.
std::optional<Unavailable> Granted::prepare(const Ports& ports, FileFindings& findings,
                                            const core::Demand& demand) {
  findings_ = &findings;
  const core::Time begun = ports.clock();
  std::vector<InstanceRef> fit;
  fit.reserve(instances_.size());
  for (const InstanceRef& instance : instances_) {
    if (!fit.empty() && !is_looked_at(instance, ports, begun)) {
      fit.push_back(instance);
      continue;
    }
    // Nobody waits for memory who has much: it is read again when it is sent.
    if (first_ && first_->kept_bytes() > 0) first_.reset();
    auto fetched = fetch(ports, *view_, instance, ports.memory.take(0), demand);
    const std::string& revision = instance.instance->original->revision;
    if (const auto* why = std::get_if<Unavailable>(&fetched)) {
      findings.keep(revision, Fitness::unfit);
      missing_.push_back({instance, *why});
      continue;
    }
    findings.keep(revision, Fitness::fit);
    if (fit.empty()) first_ = std::get<anonymization::Masked>(std::move(fetched));
    fit.push_back(instance);
  }
  if (fit.empty()) return why_none(missing_);
  instances_ = std::move(fit);
  return std::nullopt;
}

bool Granted::is_looked_at(const InstanceRef& instance, const Ports& ports,
                           core::Time begun) const {
  auto known = findings_->find(instance.instance->original->revision);
  if (!known) known = view_->fitness(instance);
  if (known) return *known == Fitness::unfit;
  const core::Time now = ports.clock();
  return now >= begun && now - begun < kLookAhead;
}

audit::Event Granted::recorded(audit::Event event, Level level) const {
  event.share_id = grants_.front().share().text();
  // The coded use: the purpose in staff's own words may name the patient, and this is in clear.
  event.intended_use = sharing::name(intended_use_);
  if (level == level_) {
    for (const Grant& grant : grants_) event.objects.push_back(to_object_ref(grant.object()));
  } else {
    for (const auto& object : objects_of(instances_, level)) {
      event.objects.push_back(to_object_ref(object));
    }
  }
  if (!missing_.empty()) {
    event.facts[audit::kMissingFact] = std::to_string(missing_.size());
    for (const Missing& each : std::span(missing_).first(std::min(missing_.size(), kMostNamed))) {
      event.objects.push_back(to_object_ref(each.instance.key()));
    }
  }
  event.studies = words_of(instances_);
  return event;
}

}  // namespace sekisho::disclosure
