// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/return_origin.h"

#include <cstdint>
#include <utility>
#include <variant>

#include "anonymization/way_back/restore.h"

namespace sekisho::dicomweb {
using core::dicom::CheckedFile;

ReturnOrigin::ReturnOrigin(const disclosure::Ports& ports, const disclosure::ShareView& view,
                           const disclosure::ShownStudy& study, const core::Demand& demand)
    : uids_(view.profile(), view.pseudonyms()) {
  for (const disclosure::ShownSeries& series : study.series) {
    demand.ask();
    const disclosure::InstanceRef first{&study, &series, &series.instances.front()};
    auto file = ports.store.open(first.key());
    if (!file) continue;
    auto memory =
        ports.memory.take(core::dicom::memory_to_check(file->size_bytes(), UINT64_MAX), demand);
    auto checked = CheckedFile::check_or_mend(*std::move(file), demand);
    auto* sound = std::get_if<CheckedFile>(&checked);
    if (sound == nullptr) continue;
    anonymization::add_uids(uids_, *sound);
    if (first_) continue;
    memory.shrink(sound->memory_bytes());
    memory_ = std::move(memory);
    first_ = std::move(*sound);
  }
}

GivenBack::GivenBack(const std::vector<sharing::ReturnedObject>& objects) {
  for (const sharing::ReturnedObject& each : objects) {
    if (each.stage == sharing::ReturnedObject::Stage::stored) add(each);
  }
}

void GivenBack::add(const sharing::ReturnedObject& object) {
  names_[object.series] = object.archived_series;
  names_[object.instance] = object.archived_instance;
  archived_.insert({object.archived_series, object.archived_instance});
}

void GivenBack::add_waiting(const sharing::ReturnedObject& object) {
  names_[object.series] = object.archived_series;
  names_[object.instance] = object.archived_instance;
}

}  // namespace sekisho::dicomweb
