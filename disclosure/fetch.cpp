// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/fetch.h"

#include <string>
#include <utility>

#include "anonymization/pixels/withhold_reason.h"
#include "core/dicom/checked_file.h"

namespace sekisho::disclosure {

std::string_view name(Unavailable why) {
  switch (why) {
    case Unavailable::gone:
      return "gone";
    case Unavailable::malformed:
      return "malformed";
    case Unavailable::withheld:
      return "withheld";
    case Unavailable::unmasked:
      break;
  }
  return "unmasked";
}

std::variant<anonymization::Masked, Unavailable> fetch(const Ports& ports, const ShareView& view,
                                                       const InstanceRef& instance,
                                                       core::MemoryBudget::Taken memory,
                                                       const core::Demand& demand) {
  demand.ask();
  auto file = ports.store.open(instance.key());
  if (!file) return Unavailable::gone;
  const bool may_be_known = ports.heads != nullptr && KnownHeads::may_hold(*file);
  const std::string name = may_be_known ? view.name_of(instance) : std::string();
  if (may_be_known) {
    if (auto known = ports.heads->find(name, *file)) {
      known->keep(std::move(memory));  // of whose budget it takes what writing it anew needs
      return *std::move(known);
    }
  }
  auto checked = core::dicom::CheckedFile::check_or_mend(std::move(*file), demand);
  const auto* sound = std::get_if<core::dicom::CheckedFile>(&checked);
  if (sound == nullptr) return Unavailable::malformed;
  auto released = view.release(*sound, instance.key(), memory, demand);
  if (const auto* reason = std::get_if<anonymization::WithholdReason>(&released)) {
    return *reason == anonymization::WithholdReason::not_maskable ? Unavailable::unmasked
                                                                  : Unavailable::withheld;
  }
  auto& masked = std::get<anonymization::Masked>(released);
  if (may_be_known) ports.heads->keep(name, masked);
  masked.keep(std::move(memory));
  return std::move(masked);
}

}  // namespace sekisho::disclosure
