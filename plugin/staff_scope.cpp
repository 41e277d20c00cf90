// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/staff_scope.h"

#include <array>

#include "dicomweb/share_view.h"
#include "dicomweb/study_words.h"

namespace sekisho::plugin {
namespace {

using core::Uid;
using sharing::InstanceScope;
using sharing::PatientScope;
using sharing::Scope;
using sharing::SeriesScope;
using sharing::StudyScope;

/// Each is a look-up in the archive that the caller waits for.
constexpr std::size_t kMostUids = 1000;
constexpr std::size_t kLongestPatientId = 64;  // LO, PS3.5 §6.2

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
  const auto written = body.require("Uids").texts("Uids", kMostUids);
  for (std::size_t i = 0; written && i < written->size(); ++i) {
    if (auto uid = Uid::parse((*written)[i])) {
      uids.push_back(std::move(*uid));
    } else {
      body.complain("Uids[" + std::to_string(i) + "]", "must be a DICOM UID");
    }
  }
  return uids;
}

const std::string& patient_of(const core::StudyKey& key) { return key.patient_id; }
const std::string& patient_of(const core::SeriesKey& key) { return key.study.patient_id; }
const std::string& patient_of(const core::InstanceKey& key) { return patient_of(key.series); }

/// One key for each UID, or what stands in the way.
template <class Key>
class Lookup {
 public:
  Lookup(const ScopeRequest& request, core::DicomStore& store,
         std::vector<Key> (core::DicomStore::*find)(const Uid&)) {
    for (const Uid& uid : request.uids) {
      auto keys = (store.*find)(uid);
      if (request.patient_id) {
        std::erase_if(keys, [&](const Key& key) { return patient_of(key) != *request.patient_id; });
      }
      if (keys.empty()) missing_.push_back(uid.str());
      if (keys.size() > 1) ambiguous_.push_back(uid.str());
      if (keys.size() == 1) found_.push_back(std::move(keys.front()));
    }
    whose_ = request.patient_id ? Whose::told : Whose::unknown;
  }

  template <class KeyScope>
  std::variant<Scope, StaffReply> answer() && {
    if (!missing_.empty()) {
      return refused(
          404, "The archive does not hold what is to be shared.",
          sentences(missing_, whose_ == Whose::told ? " is not in the archive under this PatientID."
                                                    : " is not in the archive."));
    }
    if (!ambiguous_.empty()) {
      return refused(
          409, "The archive holds what is to be shared more than once.",
          sentences(ambiguous_, whose_ == Whose::told
                                    ? " is there twice for this patient: share the level "
                                      "above it."
                                    : " is there under more than one patient or study: "
                                      "add \"PatientID\" to \"Scope\"."));
    }
    return KeyScope{std::move(found_)};
  }

 private:
  enum class Whose { unknown, told };
  static std::vector<std::string> sentences(const std::vector<std::string>& uids,
                                            std::string_view what) {
    std::vector<std::string> all;
    for (const std::string& uid : uids) all.push_back(uid + std::string(what));
    return all;
  }

  Whose whose_ = Whose::unknown;
  std::vector<Key> found_;
  std::vector<std::string> missing_;
  std::vector<std::string> ambiguous_;
};

std::variant<Scope, StaffReply> resolve_patient(const ScopeRequest& request,
                                                core::DicomStore& store) {
  if (store.studies_of(*request.patient_id).empty()) {
    return refused(404, "The archive does not hold what is to be shared.",
                   {"There is no study of this PatientID in the archive."});
  }
  return PatientScope{*request.patient_id};
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

Json::Value to_json(const audit::ObjectRef& object) {
  Json::Value json;
  json["PatientID"] = object.patient_id;
  json["StudyInstanceUID"] = object.study_uid;
  if (!object.series_uid.empty()) json["SeriesInstanceUID"] = object.series_uid;
  if (!object.instance_uid.empty()) json["SOPInstanceUID"] = object.instance_uid;
  return json;
}

}  // namespace

ScopeRequest read_scope(BodyReader& body) {
  ScopeRequest request;
  const auto level = body.require("Level").parsed(
      "Level", parse_level, "\"Patient\", \"Study\", \"Series\" or \"Instance\"");
  if (level == ScopeLevel::patient) {
    request.patient_id = body.required_text("PatientID", kLongestPatientId);
    if (body.value("Uids") != nullptr) {
      body.complain("Uids", "goes with the other levels; a patient is named by \"PatientID\"");
    }
  } else {
    request.patient_id = body.text("PatientID", kLongestPatientId);
    request.uids = read_uids(body);
  }
  request.level = level.value_or(ScopeLevel::study);
  body.refuse_the_rest();
  return request;
}

std::variant<Scope, StaffReply> resolve_scope(const ScopeRequest& request,
                                              core::DicomStore& store) {
  using core::DicomStore;
  switch (request.level) {
    case ScopeLevel::patient:
      break;
    case ScopeLevel::study:
      return Lookup(request, store, &DicomStore::find_studies).answer<StudyScope>();
    case ScopeLevel::series:
      return Lookup(request, store, &DicomStore::find_series).answer<SeriesScope>();
    case ScopeLevel::instance:
      return Lookup(request, store, &DicomStore::find_instances).answer<InstanceScope>();
  }
  return resolve_patient(request, store);
}

Json::Value scope_json(const Scope& scope) {
  Json::Value json;
  json["Level"] = std::string(sharing::level_name(scope));
  if (const auto* patient = std::get_if<PatientScope>(&scope)) {
    json["PatientID"] = patient->patient_id;
    return json;
  }
  json["Objects"] = Json::arrayValue;
  for (const auto& object : objects_of(scope)) json["Objects"].append(to_json(object));
  return json;
}

std::vector<audit::ObjectRef> objects_of(const Scope& scope) {
  return std::visit(ObjectsOf{}, scope);
}

std::vector<audit::StudyWords> words_of(const Scope& scope, core::DicomStore& store) {
  std::vector<audit::StudyWords> words;
  for (const auto& listing : dicomweb::list_scope(store, scope)) {
    audit::StudyWords said = dicomweb::study_words(store, *listing);
    if (std::holds_alternative<PatientScope>(scope)) {
      return {{.patient_id = said.patient_id, .patient_name = said.patient_name}};
    }
    words.push_back(std::move(said));
  }
  return words;
}

}  // namespace sekisho::plugin
