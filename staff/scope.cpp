// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/scope.h"

#include <algorithm>
#include <array>

namespace sekisho::staff {
namespace {

using core::Uid;
using sharing::InstanceScope;
using sharing::PatientScope;
using sharing::Scope;
using sharing::SeriesScope;
using sharing::StudyScope;

/// Each is a look-up in the archive that the caller waits for.
constexpr std::size_t kMostNamed = 1000;
constexpr std::string_view kOrthancIdMeaning =
    "Orthanc's ID of a resource: five groups of eight hexadecimal digits with \"-\" between them";

/// In the order of ScopeLevel.
constexpr std::array<std::string_view, 4> kLevelNames = {"Patient", "Study", "Series", "Instance"};

std::optional<ScopeLevel> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == text) return static_cast<ScopeLevel>(i);
  }
  return std::nullopt;
}

std::vector<Uid> read_uids(BodyReader& body) {
  std::vector<Uid> uids;
  const auto written = body.require("Uids").texts("Uids", kMostNamed);
  for (std::size_t i = 0; written && i < written->size(); ++i) {
    if (const auto uid = Uid::parse((*written)[i])) {
      uids.push_back(*uid);
    } else {
      body.complain("Uids[" + std::to_string(i) + "]", "must be a DICOM UID");
    }
  }
  return uids;
}

std::vector<std::string> read_orthanc_ids(BodyReader& body) {
  auto ids = body.texts("OrthancIds", kMostNamed).value_or(std::vector<std::string>());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!core::is_resource_id(ids[i])) {
      body.complain("OrthancIds[" + std::to_string(i) + "]",
                    "must be " + std::string(kOrthancIdMeaning));
    }
  }
  return ids;
}

/// By the names of the one kind that the request has; those of another kind are left unread, and
/// so refused.
void read_names(BodyReader& body, std::optional<ScopeLevel> level, ScopeRequest& request) {
  if (body.has("OrthancId")) {
    request.orthanc_ids.push_back(read_orthanc_id(body).value_or(""));
  } else if (level == ScopeLevel::patient) {
    request.patient_id = body.required_text("PatientID", kLongestPatientId);
  } else if (body.has("OrthancIds")) {
    request.orthanc_ids = read_orthanc_ids(body);
  } else {
    request.patient_id = body.text("PatientID", kLongestPatientId);
    request.uids = read_uids(body);
  }
}

const std::string& patient_of(const core::StudyKey& key) { return key.patient_id; }
const std::string& patient_of(const core::SeriesKey& key) { return key.study.patient_id; }
const std::string& patient_of(const core::InstanceKey& key) { return patient_of(key.series); }

/// One key for each name, or what stands in the way.
template <class Key>
class Lookup {
 public:
  /// What `name` stands for.
  void add(const std::string& name, std::vector<Key> keys) {
    if (keys.empty()) missing_.push_back(name);
    if (keys.size() > 1) ambiguous_.push_back(name);
    if (keys.size() == 1) found_.push_back(std::move(keys.front()));
  }

  template <class KeyScope>
  std::variant<Scope, Reply> answer(const ScopeRequest& request) && {
    const bool has_patient = request.patient_id.has_value();
    if (!missing_.empty()) {
      return not_there(sentences(missing_, has_patient
                                               ? " is not in the archive under this PatientID."
                                               : " is not in the archive."));
    }
    if (!ambiguous_.empty()) {
      return refused(
          409, "The archive holds what is to be shared more than once.",
          sentences(ambiguous_, has_patient ? " is there twice for this patient: share the level "
                                              "above it."
                                            : " is there under more than one patient or study: "
                                              "add \"PatientID\" to \"Scope\"."));
    }
    return KeyScope{std::move(found_)};
  }

 private:
  static std::vector<std::string> sentences(const std::vector<std::string>& names,
                                            std::string_view what) {
    std::vector<std::string> all;
    for (const std::string& name : names) all.push_back(name + std::string(what));
    return all;
  }

  std::vector<Key> found_;
  std::vector<std::string> missing_;
  std::vector<std::string> ambiguous_;
};

template <class KeyScope, class Key>
std::variant<Scope, Reply> resolve(const ScopeRequest& request, core::DicomStore& store,
                                   std::vector<Key> (core::DicomStore::*find)(const Uid&),
                                   const core::ResourceNames::Find<Key>& named,
                                   const core::Demand& demand) {
  Lookup<Key> lookup;
  for (const Uid& uid : request.uids) {
    demand.ask();
    auto keys = (store.*find)(uid);
    if (request.patient_id) {
      std::erase_if(keys, [&](const Key& key) { return patient_of(key) != *request.patient_id; });
    }
    lookup.add(uid.str(), std::move(keys));
  }
  for (const std::string& id : request.orthanc_ids) {
    demand.ask();
    auto key = named(id);
    lookup.add(id, key ? std::vector<Key>{*std::move(key)} : std::vector<Key>());
  }
  return std::move(lookup).template answer<KeyScope>(request);
}

std::variant<Scope, Reply> resolve_patient(const ScopeRequest& request, const Ports& ports) {
  const auto patient = request.orthanc_ids.empty()
                           ? request.patient_id
                           : ports.names.patient(request.orthanc_ids.front());
  if (!patient) return not_there({request.orthanc_ids.front() + " is not in the archive."});
  if (patient->empty()) {
    return refused(409, "The patient has no PatientID.", {"Share the studies one by one."});
  }
  return PatientScope{*patient};
}

audit::ObjectRef object_of(const core::StudyKey& key) {
  return {key.patient_id, key.study.str(), "", ""};
}
audit::ObjectRef object_of(const core::SeriesKey& key) {
  audit::ObjectRef object = object_of(key.study);
  object.series_uid = key.series.str();
  return object;
}
audit::ObjectRef object_of(const core::InstanceKey& key) {
  audit::ObjectRef object = object_of(key.series);
  object.instance_uid = key.instance.str();
  return object;
}

template <class Key>
std::vector<audit::ObjectRef> each_object_of(const std::vector<Key>& keys) {
  std::vector<audit::ObjectRef> objects;
  objects.reserve(keys.size());
  for (const Key& key : keys) objects.push_back(object_of(key));
  return objects;
}

struct ObjectsOf {
  std::vector<audit::ObjectRef> operator()(const PatientScope& scope) const {
    return {{scope.patient_id, "", "", ""}};
  }
  std::vector<audit::ObjectRef> operator()(const StudyScope& scope) const {
    return each_object_of(scope.studies);
  }
  std::vector<audit::ObjectRef> operator()(const SeriesScope& scope) const {
    return each_object_of(scope.series);
  }
  std::vector<audit::ObjectRef> operator()(const InstanceScope& scope) const {
    return each_object_of(scope.instances);
  }
};

const std::string& own_uid(const audit::ObjectRef& object) {
  if (!object.instance_uid.empty()) return object.instance_uid;
  return object.series_uid.empty() ? object.study_uid : object.series_uid;
}

Json::Value to_json(const audit::ObjectRef& object) {
  Json::Value json;
  json["PatientID"] = object.patient_id;
  json["StudyInstanceUID"] = object.study_uid;
  if (!object.series_uid.empty()) json["SeriesInstanceUID"] = object.series_uid;
  if (!object.instance_uid.empty()) json["SOPInstanceUID"] = object.instance_uid;
  return json;
}

}  // namespace

Reply not_there(const std::vector<std::string>& details) {
  return refused(404, "The archive does not hold what is to be shared.", details);
}

ScopeRequest read_scope(BodyReader& body) {
  ScopeRequest request;
  const auto level = body.require("Level").parsed(
      "Level", parse_level, "\"Patient\", \"Study\", \"Series\" or \"Instance\"");
  read_names(body, level, request);
  request.level = level.value_or(ScopeLevel::study);
  body.refuse_the_rest();
  return request;
}

std::optional<std::string> read_orthanc_id(BodyReader& body) {
  const auto parse = [](std::string_view text) {
    return core::is_resource_id(text) ? std::optional<std::string>(text) : std::nullopt;
  };
  return body.parsed("OrthancId", parse, kOrthancIdMeaning);
}

std::variant<Scope, Reply> resolve_scope(const ScopeRequest& request, const Ports& ports,
                                         const core::Demand& demand) {
  using core::DicomStore;
  core::DicomStore& store = ports.store;
  switch (request.level) {
    case ScopeLevel::patient:
      break;
    case ScopeLevel::study:
      return resolve<StudyScope>(request, store, &DicomStore::find_studies, ports.names.study,
                                 demand);
    case ScopeLevel::series:
      return resolve<SeriesScope>(request, store, &DicomStore::find_series, ports.names.series,
                                  demand);
    case ScopeLevel::instance:
      return resolve<InstanceScope>(request, store, &DicomStore::find_instances,
                                    ports.names.instance, demand);
  }
  return resolve_patient(request, ports);
}

Json::Value scope_json(const Scope& scope) {
  Json::Value json;
  json["Level"] = std::string(sharing::level_name(scope));
  const auto objects = objects_of(scope);
  const std::string& patient = objects.front().patient_id;
  if (std::ranges::all_of(objects,
                          [&](const auto& object) { return object.patient_id == patient; })) {
    json["PatientID"] = patient;
  }
  if (std::holds_alternative<PatientScope>(scope)) return json;
  json["Uids"] = Json::arrayValue;
  for (const auto& object : objects) json["Uids"].append(own_uid(object));
  return json;
}

Json::Value objects_json(const Scope& scope) {
  Json::Value json = Json::arrayValue;
  for (const auto& object : objects_of(scope)) json.append(to_json(object));
  return json;
}

std::vector<audit::ObjectRef> objects_of(const Scope& scope) {
  return std::visit(ObjectsOf{}, scope);
}

}  // namespace sekisho::staff
