// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/settle_returns.h"

#include <algorithm>
#include <optional>

#include "anonymization/pseudonyms.h"
#include "anonymization/way_back/return_mark.h"

namespace sekisho::disclosure {
namespace {

using sharing::ReturnedObject;

bool is_marked(const Ports& ports, const core::InstanceKey& instance,
               const anonymization::Pseudonyms& pseudonyms, const core::Demand& demand) {
  constexpr std::size_t kPieceBytes = 8U << 20U;
  const auto file = ports.store.open(instance);
  if (!file) return false;
  const auto memory = ports.memory.take(file->size_bytes(), demand);
  core::Bytes part10(file->size_bytes());
  for (std::size_t at = 0; at < part10.size(); at += kPieceBytes) {
    demand.ask();
    file->read(at, std::span(part10).subspan(at, std::min(kPieceBytes, part10.size() - at)));
  }
  return anonymization::bears_return_mark(part10, pseudonyms);
}

bool is_stored(const Ports& ports, const ReturnedObject& object,
               const anonymization::Pseudonyms& pseudonyms, const core::Demand& demand) {
  const auto found = ports.store.find_instances(object.archived_instance);
  return std::ranges::any_of(found, [&](const core::InstanceKey& instance) {
    return instance.series.series == object.archived_series &&
           is_marked(ports, instance, pseudonyms, demand);
  });
}

}  // namespace

void settle_returns(const Ports& ports, const sharing::ShareId& share, core::ByteView mask_key,
                    const core::Demand& demand) {
  std::optional<anonymization::Pseudonyms> pseudonyms;
  for (const ReturnedObject& each : ports.shares.returned(share)) {
    if (each.stage == ReturnedObject::Stage::stored) continue;
    demand.ask();
    if (!pseudonyms) pseudonyms.emplace(mask_key);
    if (!is_stored(ports, each, *pseudonyms, demand)) continue;
    ports.shares.confirm_returned(share, each.instance, ports.clock());
  }
}

}  // namespace sekisho::disclosure
