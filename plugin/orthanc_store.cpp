// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/orthanc_store.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/resource_id.h"
#include "core/steady_clock.h"
#include "core/thread.h"

namespace sekisho::plugin {
namespace {

/// A main DICOM tag as Orthanc spells it, "" when it is absent. Orthanc breaks some character sets
/// in text: only UIDs and the PatientID, which it hashes as it spells it, are taken from it.
std::string tag(const Json::Value& resource, const char* tags, const char* keyword) {
  const Json::Value& value = resource[tags][keyword];
  return value.isString() ? value.asString() : std::string();
}

std::optional<core::Uid> uid_tag(const Json::Value& resource, const char* keyword) {
  return core::Uid::parse(tag(resource, "MainDicomTags", keyword));
}

std::string member(const Json::Value& resource, const char* name) {
  if (!resource[name].isString()) throw core::StoreError("Orthanc's answer lacks a member");
  return resource[name].asString();
}

/// Everything later is addressed by ids derived from the key, so they had better agree.
template <class Key>
Key agreed(Key key, const std::string& id) {
  if (resource_id(key) != id) throw core::StoreError("Orthanc names a resource unexpectedly");
  return key;
}

const core::ListedInstance* find(const core::StudyListing& listing, const core::InstanceKey& key) {
  const auto series =
      std::ranges::lower_bound(listing.series, key.series.series, {}, &core::ListedSeries::series);
  if (series == listing.series.end() || series->series != key.series.series) return nullptr;
  const auto instance = std::ranges::lower_bound(series->instances, key.instance, {},
                                                 &core::ListedInstance::instance);
  const bool listed = instance != series->instances.end() && instance->instance == key.instance;
  return listed ? &*instance : nullptr;
}

}  // namespace

OrthancStore::OrthancStore(const Sdk& sdk, std::optional<StorageArea> storage, core::Clock clock,
                           Listings::Limits limits)
    : sdk_(sdk),
      storage_(std::move(storage)),
      clock_(std::move(clock)),
      listings_(
          {{[this] { return last_change(); },
            [this](Arrivals::Number since, Arrivals::Number last) { return grown(since, last); }},
           [this](const std::string& patient_id) { return ask_for_studies(patient_id); },
           [this](const std::string& id) {
             return sdk_.get_text("/studies/" + id + "/metadata/LastUpdate");
           },
           [this](const core::StudyKey& study, const std::string& id) {
             return ask_for_listing(study, id);
           }},
          clock_, limits) {}

void OrthancStore::on_change(OrthancPluginChangeType change, OrthancPluginResourceType type,
                             std::string_view resource_id) {
  const bool is_study = type == OrthancPluginResourceType_Study;
  if (change == OrthancPluginChangeType_Deleted && is_study) {
    listings_.note_deletion(resource_id);
  } else if (change == OrthancPluginChangeType_Deleted ||
             (change == OrthancPluginChangeType_NewChildInstance && is_study)) {
    listings_.note_change(resource_id);
  }
}

// --- from DICOM identifiers to keys -------------------------------------------------------------

std::vector<std::string> OrthancStore::lookup(const core::Uid& uid, const char* type) const {
  std::vector<std::string> ids;
  for (const Json::Value& match : sdk_.post("/tools/lookup", uid.str())) {
    if (member(match, "Type") == type) ids.push_back(member(match, "ID"));
  }
  return ids;
}

std::optional<std::string> OrthancStore::patient_id(const std::string& id) const {
  const std::optional<Json::Value> patient = sdk_.get("/patients/" + id);
  if (!patient) return std::nullopt;
  std::string patient_id = tag(*patient, "MainDicomTags", "PatientID");
  if (core::patient_resource_id(patient_id) != id) {
    throw core::StoreError("Orthanc names a resource unexpectedly");
  }
  return patient_id;
}

std::optional<core::StudyKey> OrthancStore::study_key(const std::string& id) const {
  const std::optional<Json::Value> study = sdk_.get("/studies/" + id);
  if (!study) return std::nullopt;
  const auto uid = uid_tag(*study, "StudyInstanceUID");
  if (!uid) return std::nullopt;  // not a UID: nothing that could be shared
  return agreed(core::StudyKey{tag(*study, "PatientMainDicomTags", "PatientID"), *uid}, id);
}

std::optional<core::SeriesKey> OrthancStore::series_key(const std::string& id) const {
  const std::optional<Json::Value> series = sdk_.get("/series/" + id);
  if (!series) return std::nullopt;
  const auto uid = uid_tag(*series, "SeriesInstanceUID");
  const auto study = study_key(member(*series, "ParentStudy"));
  if (!uid || !study) return std::nullopt;
  return agreed(core::SeriesKey{*study, *uid}, id);
}

std::optional<core::InstanceKey> OrthancStore::instance_key(const std::string& id) const {
  const std::optional<Json::Value> instance = sdk_.get("/instances/" + id);
  if (!instance) return std::nullopt;
  const auto uid = uid_tag(*instance, "SOPInstanceUID");
  const auto series = series_key(member(*instance, "ParentSeries"));
  if (!uid || !series) return std::nullopt;
  return agreed(core::InstanceKey{*series, *uid}, id);
}

// Orthanc looks identifiers up without regard to case and accents, hence the comparisons.

std::vector<core::StudyKey> OrthancStore::find_studies(const core::Uid& study) {
  std::vector<core::StudyKey> found;
  for (const std::string& id : lookup(study, "Study")) {
    const auto key = study_key(id);
    if (key && key->study == study) found.push_back(*key);
  }
  return found;
}

std::vector<core::SeriesKey> OrthancStore::find_series(const core::Uid& series) {
  std::vector<core::SeriesKey> found;
  for (const std::string& id : lookup(series, "Series")) {
    const auto key = series_key(id);
    if (key && key->series == series) found.push_back(*key);
  }
  return found;
}

std::vector<core::InstanceKey> OrthancStore::find_instances(const core::Uid& instance) {
  std::vector<core::InstanceKey> found;
  for (const std::string& id : lookup(instance, "Instance")) {
    const auto key = instance_key(id);
    if (key && key->instance == instance) found.push_back(*key);
  }
  return found;
}

std::vector<core::StudyKey> OrthancStore::studies_of(const std::string& patient_id,
                                                     core::Time since) {
  return listings_.studies_of(patient_id, since);
}

std::vector<core::StudyKey> OrthancStore::ask_for_studies(const std::string& patient_id) const {
  const auto studies = sdk_.get("/patients/" + core::patient_resource_id(patient_id) + "/studies");
  if (!studies) return {};
  std::vector<core::StudyKey> found;
  for (const Json::Value& study : *studies) {
    const auto uid = uid_tag(study, "StudyInstanceUID");
    if (uid) found.push_back(agreed(core::StudyKey{patient_id, *uid}, member(study, "ID")));
  }
  std::ranges::sort(found);
  return found;
}

// --- listings -----------------------------------------------------------------------------------

std::shared_ptr<const core::StudyListing> OrthancStore::list(const core::StudyKey& study,
                                                             core::Time since) {
  return listings_.of(study, since);
}

// Orthanc's list of changes has what came in, whichever Orthanc on the database took it.

std::optional<Arrivals::Number> OrthancStore::last_change() const {
  const auto answer = sdk_.get("/changes?last");
  if (!answer || !(*answer)["Last"].isUInt64()) return std::nullopt;
  return (*answer)["Last"].asUInt64();
}

/// Where the list has gaps, it was cleared, or another Orthanc is about to fill them. What has gone
/// meanwhile was brought to nobody.
std::optional<std::vector<std::string>> OrthancStore::grown(Arrivals::Number since,
                                                            Arrivals::Number last) const {
  constexpr Arrivals::Number kMostChanges = 32;  // a question for each is enough
  const Arrivals::Number count = last - since;
  if (count > kMostChanges) return std::nullopt;
  const auto answer =
      sdk_.get("/changes?since=" + std::to_string(since) + "&limit=" + std::to_string(count));
  if (!answer || (*answer)["Changes"].size() != count) return std::nullopt;
  std::set<std::string> grown;
  const auto add_parent = [&](const std::string& uri, const char* parent) {
    if (const auto child = sdk_.get(uri)) grown.insert(member(*child, parent));
  };
  std::set<std::string> series;
  for (const Json::Value& change : (*answer)["Changes"]) {
    if (change["Seq"].asUInt64() > last) return std::nullopt;
    const std::string type = member(change, "ChangeType");
    if (type == "NewStudy") add_parent("/studies/" + member(change, "ID"), "ParentPatient");
    if (type != "NewInstance") continue;
    const auto instance = sdk_.get("/instances/" + member(change, "ID"));
    if (instance) series.insert(member(*instance, "ParentSeries"));
  }
  for (const std::string& id : series) add_parent("/series/" + id, "ParentStudy");
  return std::vector(grown.begin(), grown.end());
}

std::optional<ListedStudy> OrthancStore::ask_for_listing(const core::StudyKey& study,
                                                         const std::string& id) const {
  // In this order: a series that came between the two answers only stays empty, and an instance
  // whose series went between them is left out. Both are events that make the next call ask anew.
  const auto instances = sdk_.get("/studies/" + id + "/instances");
  const auto series = sdk_.get("/studies/" + id + "/series");
  if (!instances || !series) return std::nullopt;

  ListedStudy listed{{study, {}}, {}};
  std::unordered_map<std::string, core::ListedSeries> by_id;
  std::set<std::string> unnamed;  // series
  for (const Json::Value& row : *series) {
    const auto uid = uid_tag(row, "SeriesInstanceUID");
    if (uid) {
      by_id[member(row, "ID")].series = *uid;
    } else {
      unnamed.insert(member(row, "ID"));
    }
  }
  for (const Json::Value& row : *instances) {
    const auto parent = by_id.find(member(row, "ParentSeries"));
    const auto uid = uid_tag(row, "SOPInstanceUID");
    if (parent == by_id.end() || !uid) {
      // One whose series went between the answers is gone, and not unnamed.
      if (parent == by_id.end() && !unnamed.contains(member(row, "ParentSeries"))) continue;
      listed.part_ids.push_back(member(row, "ID"));
      ++listed.listing.unnamed;
      continue;
    }
    listed.part_ids.push_back(member(row, "ID"));
    parent->second.instances.push_back({*uid, member(row, "FileUuid"), row["FileSize"].asUInt64()});
  }
  for (auto& [series_id, row] : by_id) {
    listed.part_ids.push_back(series_id);
    if (row.instances.empty()) continue;
    std::ranges::sort(row.instances, {}, &core::ListedInstance::instance);
    listed.listing.series.push_back(std::move(row));
  }
  std::ranges::sort(listed.listing.series, {}, &core::ListedSeries::series);
  return listed;
}

// --- files --------------------------------------------------------------------------------------

core::DicomStore::Stored OrthancStore::store(const core::InstanceKey& key, core::ByteView part10) {
  const std::string id = resource_id(key);
  if (sdk_.get("/instances/" + id)) return Stored::already_there;
  const Json::Value answer = sdk_.post("/instances", core::as_text(part10));
  if (member(answer, "ID") != id) throw core::StoreError("Orthanc stored it as something else");
  const std::string status = member(answer, "Status");
  if (status == "AlreadyStored") return Stored::already_there;
  if (status != "Success") throw core::StoreError("Orthanc did not take an instance");
  listings_.note_change(resource_id(key.series.study));  // Orthanc says so some ms later
  pauses_.note(core::SteadyClock::now());
  while (const auto over = pauses_.due(core::SteadyClock::now())) {
    core::pause_for(*over - core::SteadyClock::now(), {});
  }
  return Stored::added;
}

std::optional<core::StoredFile> OrthancStore::open(const core::InstanceKey& instance) {
  if (!storage_) return sdk_.dicom(resource_id(instance));
  // A file that is there under the name that some listing gave is the one that was stored: Orthanc
  // never uses a UUID twice, and removes the file when it removes or replaces the instance. Only
  // what is not found that way needs a listing of now.
  const core::StudyKey& study = instance.series.study;
  if (const auto last = listings_.last(resource_id(study))) {
    if (auto file = from_storage(*last, instance)) return file;
  }
  const auto now = listings_.of(study, clock_());
  if (!now || find(*now, instance) == nullptr) return std::nullopt;
  if (auto file = from_storage(*now, instance)) return file;
  return sdk_.dicom(resource_id(instance));
}

std::optional<core::StoredFile> OrthancStore::from_storage(
    const core::StudyListing& listing, const core::InstanceKey& instance) const {
  const core::ListedInstance* listed = find(listing, instance);
  if (listed == nullptr) return std::nullopt;
  return storage_->open(listed->revision, listed->size_bytes);
}

std::optional<StorageArea> find_storage_area(const Config& config, const Sdk& sdk) {
  const bool wanted = config.storage_fast_path == StorageFastPath::automatic &&
                      !config.orthanc.storage_compression &&
                      config.orthanc.storage_directory.is_absolute();
  if (!wanted) return std::nullopt;
  // A plugin that keeps the files elsewhere is named here.
  const auto system = sdk.get("/system");
  if (!system || !(*system)["StorageAreaPlugin"].isNull()) return std::nullopt;
  return StorageArea(config.orthanc.storage_directory);
}

}  // namespace sekisho::plugin
