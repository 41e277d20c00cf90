// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>

#include "core/dicom_store.h"

namespace sekisho::core {

/// An archive in memory, for tests and for measuring without Orthanc. Passes the same contract
/// suite as OrthancStore.
class MemoryDicomStore final : public DicomStore {
 public:
  /// Adds or replaces.
  void put(const InstanceKey& key, Bytes part10);
  void remove(const InstanceKey& key);

  std::vector<StudyKey> find_studies(const Uid& study) override;
  std::vector<SeriesKey> find_series(const Uid& series) override;
  std::vector<InstanceKey> find_instances(const Uid& instance) override;
  std::vector<StudyKey> studies_of(const std::string& patient_id) override;
  std::shared_ptr<const StudyListing> list(const StudyKey& study) override;
  std::optional<StoredFile> open(const InstanceKey& instance) override;
  Stored store(const InstanceKey& key, ByteView part10) override;

 private:
  struct Held {
    StoredFile file;
    std::uint64_t revision;
  };
  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<InstanceKey, Held> instances_;
  std::map<StudyKey, std::shared_ptr<const StudyListing>> listings_;
  std::uint64_t next_revision_ = 1;
};

}  // namespace sekisho::core
