// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/events.h"

#include <variant>

namespace sekisho::dicomweb {
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
  const disclosure::ShownStudy* last = nullptr;
  for (const InstanceRef& each : instances) {
    if (each.study != last) words.push_back(each.study->words);
    last = each.study;
  }
  return words;
}

audit::ObjectRef to_object_ref(const sharing::Object& object) {
  return std::visit(ToObjectRef{}, object);
}

audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share) {
  audit::Event event;
  event.code = code;
  event.authentication = sharing::name(call.who.method());
  event.source = call.who.source().text();
  event.request_id = call.request.request_id;
  event.recipient_id = call.who.recipient().id.text();
  event.recipient_name = call.who.recipient().name;
  event.organisation = call.who.recipient().organisation;
  event.user_agent = call.request.user_agent;
  if (share != nullptr) {
    event.share_id = share->id.text();
    // The coded use: the purpose in staff's own words may name the patient, and this is in clear.
    event.intended_use = sharing::name(share->intended_use);
  }
  return event;
}

audit::Event search_event(const Call& call, const sharing::Share* share,
                          const std::vector<InstanceRef>& rows) {
  audit::Event event = event_of(call, audit::EventCode::query, share);
  event.detail = "search";
  event.instances = rows.size();
  const bool of_instances = call.target.route->level == Level::instance;
  const Level recorded = of_instances ? Level::series : Level::study;
  for (const auto& object : objects_of(rows, recorded)) {
    event.objects.push_back(to_object_ref(object));
  }
  event.studies = words_of(rows);
  return event;
}

}  // namespace sekisho::dicomweb
