// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "support/passing_dicom_store.h"

namespace sekisho::tests {

/// An archive in which something happens whenever a file is opened or a study listed.
class EventfulDicomStore final : public PassingDicomStore {
 public:
  using PassingDicomStore::PassingDicomStore;
  std::function<void()> on_open = [] {};
  std::function<void(const core::StudyKey&)> on_list = [](const core::StudyKey&) {};

  std::optional<core::StoredFile> open(const core::InstanceKey& instance) override {
    const auto event = on_open;  // which may put another one in its place
    event();
    return PassingDicomStore::open(instance);
  }
  std::shared_ptr<const core::StudyListing> list(const core::StudyKey& study,
                                                 core::Time since) override {
    on_list(study);
    return PassingDicomStore::list(study, since);
  }
};

}  // namespace sekisho::tests
