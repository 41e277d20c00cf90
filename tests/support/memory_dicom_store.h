// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/dicom_store.h"
#include "core/stored_file.h"
#include "core/uid.h"

namespace sekisho::tests {

/// An archive in memory. Passes the same contract suite as OrthancStore.
class MemoryDicomStore final : public core::DicomStore {
 public:
  /// Adds or replaces.
  void put(const core::InstanceKey& key, core::Bytes part10) {
    const std::lock_guard lock(mutex_);
    Held held{core::StoredFile::in_memory(std::move(part10)), next_revision_++};
    instances_.insert_or_assign(key, std::move(held));
    listings_.erase(key.series.study);
  }

  /// As if it had these instances of the study besides, by what is no Uid.
  void lose_names(const core::StudyKey& study, std::size_t instances) {
    const std::lock_guard lock(mutex_);
    unnamed_[study] = instances;
    listings_.erase(study);
  }

  void remove(const core::InstanceKey& key) {
    const std::lock_guard lock(mutex_);
    instances_.erase(key);
    listings_.erase(key.series.study);
  }

  std::vector<core::StudyKey> find_studies(const core::Uid& study) override {
    return keys_where<core::StudyKey>(
        study_of, [&](const core::StudyKey& key) { return key.study == study; });
  }

  std::vector<core::SeriesKey> find_series(const core::Uid& series) override {
    return keys_where<core::SeriesKey>(
        series_of, [&](const core::SeriesKey& key) { return key.series == series; });
  }

  std::vector<core::InstanceKey> find_instances(const core::Uid& instance) override {
    return keys_where<core::InstanceKey>(
        std::identity{}, [&](const core::InstanceKey& key) { return key.instance == instance; });
  }

  std::vector<core::StudyKey> studies_of(const std::string& patient_id,
                                         core::Time /*since*/) override {
    return keys_where<core::StudyKey>(
        study_of, [&](const core::StudyKey& key) { return key.patient_id == patient_id; });
  }

  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study,
                                                 core::Time /*since*/) override {
    const std::lock_guard lock(mutex_);
    if (const auto known = listings_.find(study); known != listings_.end()) return known->second;
    auto listing = std::make_shared<core::StudyListing>();
    listing->key = study;
    const core::InstanceKey first{core::SeriesKey{study, core::Uid{}}, core::Uid{}};
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
    if (const auto more = unnamed_.find(study); more != unnamed_.end()) {
      listing->unnamed = more->second;
    }
    return listings_.emplace(study, std::move(listing)).first->second;
  }

  /// Of now.
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study) {
    return list(study, {});
  }

  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    const std::lock_guard lock(mutex_);
    const auto found = instances_.find(instance);
    if (found == instances_.end()) return std::nullopt;
    return found->second.file;
  }

  Stored store(const core::InstanceKey& key, core::ByteView part10) override {
    const std::lock_guard lock(mutex_);
    Held held{core::StoredFile::in_memory(core::Bytes(part10.begin(), part10.end())),
              next_revision_++};
    if (!instances_.emplace(key, std::move(held)).second) return Stored::already_there;
    listings_.erase(key.series.study);
    return Stored::added;
  }

 private:
  struct Held {
    core::StoredFile file;
    std::uint64_t revision;
  };

  static const core::StudyKey& study_of(const core::InstanceKey& key) { return key.series.study; }
  static const core::SeriesKey& series_of(const core::InstanceKey& key) { return key.series; }

  /// The keys that `project` makes of the matching instances, each once, in order.
  template <class Key, class Project, class Matches>
  std::vector<Key> keys_where(Project project, Matches matches) {
    const std::lock_guard lock(mutex_);
    std::vector<Key> keys;
    for (const auto& [instance, stored] : instances_) {
      const Key& key = project(instance);
      if (matches(key) && (keys.empty() || keys.back() != key)) keys.push_back(key);
    }
    return keys;
  }

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<core::InstanceKey, Held> instances_;
  std::map<core::StudyKey, std::shared_ptr<const core::StudyListing>> listings_;
  std::map<core::StudyKey, std::size_t> unnamed_;
  std::uint64_t next_revision_ = 1;
};

}  // namespace sekisho::tests
