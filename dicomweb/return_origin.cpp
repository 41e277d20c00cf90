// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/return_origin.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "anonymization/way_back/restore.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::CheckedFile;
using core::dicom::Step;

constexpr std::uint64_t kHeaderLimit = 64ULL << 20;  // of a CheckedFile
constexpr std::uint64_t kSmallestElementBytes = 8;

}  // namespace

/// The bytes are read and copied once; the list of elements grows by doubling.
std::uint64_t memory_to_check(std::uint64_t size_bytes, std::uint64_t most_steps) {
  const std::uint64_t header = std::min(size_bytes, kHeaderLimit);
  const std::uint64_t steps = std::min(header / kSmallestElementBytes, most_steps);
  return 2 * header + steps * sizeof(Step) * 3 / 2;
}

std::uint64_t memory_of(const CheckedFile& file) {
  return file.meta().size() + file.header().size() + file.trailer().size() +
         (file.header_steps().size() + file.trailer_steps().size()) * sizeof(Step);
}

ReturnOrigin::ReturnOrigin(const disclosure::Ports& ports, const disclosure::ShareView& view,
                           const disclosure::ShownStudy& study)
    : uids_(view.profile(), view.pseudonyms()) {
  for (const disclosure::ShownSeries& series : study.series) {
    const disclosure::InstanceRef first{&study, &series, &series.instances.front()};
    auto file = ports.store.open(first.key());
    if (!file) continue;
    auto memory = ports.memory.take(memory_to_check(file->size_bytes(), UINT64_MAX));
    auto checked = CheckedFile::check(*std::move(file));
    auto* sound = std::get_if<CheckedFile>(&checked);
    if (sound == nullptr) continue;
    anonymization::add_uids(uids_, *sound);
    if (first_) continue;
    memory.shrink(memory_of(*sound));
    memory_ = std::move(memory);
    first_ = std::move(*sound);
  }
}

GivenBack::GivenBack(const std::vector<sharing::ReturnedObject>& objects) {
  for (const sharing::ReturnedObject& each : objects) add(each);
}

void GivenBack::add(const sharing::ReturnedObject& object) {
  names_[object.series] = object.archived_series;
  names_[object.instance] = object.archived_instance;
  archived_.insert({object.archived_series, object.archived_instance});
  if (object.stage == sharing::ReturnedObject::Stage::stored) {
    stored_.insert(object.archived_instance);
  }
}

}  // namespace sekisho::dicomweb
