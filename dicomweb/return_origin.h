// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "anonymization/pseudonyms.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"

namespace sekisho::dicomweb {

/// A study of the archive as the way back needs it. One thread.
class ReturnOrigin {
 public:
  /// Reads an instance of each series that is shown; those that are gone or damaged are left out.
  /// `view` outlives this. Throws core::StoreError, core::MemoryShortage and core::DemandOver.
  ReturnOrigin(const disclosure::Ports& ports, const disclosure::ShareView& view,
               const disclosure::ShownStudy& study, const core::Demand& demand);
  /// Null where there is none left.
  const core::dicom::CheckedFile* instance() const { return first_ ? &*first_ : nullptr; }
  /// Every UID in them.
  const anonymization::ReverseMap& uids() const { return uids_; }

 private:
  core::MemoryBudget::Taken memory_;
  std::optional<core::dicom::CheckedFile> first_;
  anonymization::ReverseMap uids_;
};

/// What recipients gave back through a share before and the archive has. One thread.
class GivenBack {
 public:
  /// What is only received is left out: the archive may have anybody's by its UIDs.
  explicit GivenBack(const std::vector<sharing::ReturnedObject>& objects);
  void add(const sharing::ReturnedObject& object);
  /// What waits in quarantine: the archive has nothing of it yet, and others may refer to it.
  void add_waiting(const sharing::ReturnedObject& object);
  /// The recipient's name for a series or an instance → the archive's.
  const std::unordered_map<core::Uid, core::Uid>& names() const { return names_; }
  /// Whether the archive has a series or an instance by this name from here.
  bool has(const core::Uid& archived) const { return archived_.contains(archived); }

 private:
  std::unordered_map<core::Uid, core::Uid> names_;
  std::unordered_set<core::Uid> archived_;
};

}  // namespace sekisho::dicomweb
