// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/objects.h"

#include <utility>
#include <variant>

namespace sekisho::disclosure {
namespace {

sharing::Object object_at(const InstanceRef& instance, Level level) {
  core::InstanceKey key = instance.key();
  if (level == Level::study) return key.series.study;
  if (level == Level::series) return key.series;
  return key;
}

struct ToObjectRef {
  audit::ObjectRef operator()(const sharing::WholeShare&) const { return {}; }
  audit::ObjectRef operator()(const core::StudyKey& key) const {
    return {key.patient_id, key.study.str(), {}, {}};
  }
  audit::ObjectRef operator()(const core::SeriesKey& key) const {
    return {key.study.patient_id, key.study.study.str(), key.series.str(), {}};
  }
  audit::ObjectRef operator()(const core::InstanceKey& key) const {
    return {key.series.study.patient_id, key.series.study.study.str(), key.series.series.str(),
            key.instance.str()};
  }
};

}  // namespace

std::vector<sharing::Object> objects_of(const std::vector<InstanceRef>& instances, Level level) {
  std::vector<sharing::Object> objects;
  const InstanceRef* last = nullptr;  // instances of one object stand together
  for (const InstanceRef& each : instances) {
    const bool same = last != nullptr && last->study == each.study &&
                      (level < Level::series || last->series == each.series) &&
                      (level < Level::instance || last->instance == each.instance);
    if (!same) objects.push_back(object_at(each, level));
    last = &each;
  }
  return objects;
}

std::vector<audit::StudyWords> words_of(const std::vector<InstanceRef>& instances) {
  std::vector<audit::StudyWords> words;
  const ShownStudy* last = nullptr;
  for (const InstanceRef& each : instances) {
    if (each.study != last) words.push_back(each.study->words);
    last = each.study;
  }
  return words;
}

audit::ObjectRef to_object_ref(const sharing::Object& object) {
  return std::visit(ToObjectRef{}, object);
}

}  // namespace sekisho::disclosure
