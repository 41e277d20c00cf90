// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/granted.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "disclosure/objects.h"

namespace sekisho::disclosure {

using sharing::Denial;
using sharing::Grant;

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

std::optional<Unavailable> Granted::prepare_first(core::DicomStore& store,
                                                  const core::Demand& demand) {
  auto fetched = fetch(store, *view_, instances_.front(), demand);
  if (const auto* why = std::get_if<Unavailable>(&fetched)) return *why;
  first_ = std::get<anonymization::Masked>(std::move(fetched));
  return std::nullopt;
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
  event.studies = words_of(instances_);
  return event;
}

}  // namespace sekisho::disclosure
