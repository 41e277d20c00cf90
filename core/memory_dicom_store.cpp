// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_dicom_store.h"

#include <algorithm>
#include <functional>

namespace sekisho::core {
namespace {

/// The keys that `project` makes of the matching instances, each once, in order.
template <class Key, class Instances, class Project, class Matches>
std::vector<Key> keys_where(const Instances& instances, Project project, Matches matches) {
  std::vector<Key> keys;
  for (const auto& [instance, stored] : instances) {
    const Key& key = project(instance);
    if (matches(key) && (keys.empty() || keys.back() != key)) keys.push_back(key);
  }
  return keys;
}

const StudyKey& study_of(const InstanceKey& key) { return key.series.study; }
const SeriesKey& series_of(const InstanceKey& key) { return key.series; }

}  // namespace

void MemoryDicomStore::put(const InstanceKey& key, Bytes part10) {
  const std::lock_guard lock(mutex_);
  instances_.insert_or_assign(key,
                              Held{StoredFile::in_memory(std::move(part10)), next_revision_++});
  listings_.erase(key.series.study);
}

void MemoryDicomStore::remove(const InstanceKey& key) {
  const std::lock_guard lock(mutex_);
  instances_.erase(key);
  listings_.erase(key.series.study);
}

std::vector<StudyKey> MemoryDicomStore::find_studies(const Uid& study) {
  const std::lock_guard lock(mutex_);
  return keys_where<StudyKey>(instances_, study_of,
                              [&](const StudyKey& key) { return key.study == study; });
}

std::vector<SeriesKey> MemoryDicomStore::find_series(const Uid& series) {
  const std::lock_guard lock(mutex_);
  return keys_where<SeriesKey>(instances_, series_of,
                               [&](const SeriesKey& key) { return key.series == series; });
}

std::vector<InstanceKey> MemoryDicomStore::find_instances(const Uid& instance) {
  const std::lock_guard lock(mutex_);
  return keys_where<InstanceKey>(instances_, std::identity{},
                                 [&](const InstanceKey& key) { return key.instance == instance; });
}

std::vector<StudyKey> MemoryDicomStore::studies_of(const std::string& patient_id) {
  const std::lock_guard lock(mutex_);
  return keys_where<StudyKey>(instances_, study_of,
                              [&](const StudyKey& key) { return key.patient_id == patient_id; });
}

std::shared_ptr<const StudyListing> MemoryDicomStore::list(const StudyKey& study) {
  const std::lock_guard lock(mutex_);
  if (const auto known = listings_.find(study); known != listings_.end()) return known->second;
  auto listing = std::make_shared<StudyListing>();
  listing->key = study;
  const InstanceKey first{SeriesKey{study, Uid{}}, Uid{}};
  for (auto it = instances_.lower_bound(first); it != instances_.end(); ++it) {
    const auto& [key, stored] = *it;
    if (key.series.study != study) break;
    if (listing->series.empty() || listing->series.back().series != key.series.series) {
      listing->series.push_back({key.series.series, {}});
    }
    listing->series.back().instances.push_back(
        {key.instance, std::to_string(stored.revision), stored.file.size_bytes()});
  }
  if (listing->series.empty()) return nullptr;
  return listings_.emplace(study, std::move(listing)).first->second;
}

DicomStore::Stored MemoryDicomStore::store(const InstanceKey& key, ByteView part10) {
  const std::lock_guard lock(mutex_);
  Held held{StoredFile::in_memory(Bytes(part10.begin(), part10.end())), next_revision_++};
  if (!instances_.emplace(key, std::move(held)).second) return Stored::already_there;
  listings_.erase(key.series.study);
  return Stored::added;
}

std::optional<StoredFile> MemoryDicomStore::open(const InstanceKey& instance) {
  const std::lock_guard lock(mutex_);
  const auto found = instances_.find(instance);
  if (found == instances_.end()) return std::nullopt;
  return found->second.file;
}

}  // namespace sekisho::core
