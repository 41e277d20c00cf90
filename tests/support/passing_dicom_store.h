// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dicom_store.h"

namespace sekisho::tests {

/// Hands everything on to another archive, which outlives it: for archives that are like it but for
/// one thing.
class PassingDicomStore : public core::DicomStore {
 public:
  explicit PassingDicomStore(core::DicomStore& archive) : archive_(archive) {}

  std::vector<core::StudyKey> find_studies(const core::Uid& study) override {
    return archive_.find_studies(study);
  }
  std::vector<core::SeriesKey> find_series(const core::Uid& series) override {
    return archive_.find_series(series);
  }
  std::vector<core::InstanceKey> find_instances(const core::Uid& instance) override {
    return archive_.find_instances(instance);
  }
  std::vector<core::StudyKey> studies_of(const std::string& patient_id, core::Time since) override {
    return archive_.studies_of(patient_id, since);
  }
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study,
                                                 core::Time since) override {
    return archive_.list(study, since);
  }
  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    return archive_.open(instance);
  }
  Stored store(const core::InstanceKey& key, core::ByteView part10) override {
    return archive_.store(key, part10);
  }

 private:
  core::DicomStore& archive_;
};

}  // namespace sekisho::tests
