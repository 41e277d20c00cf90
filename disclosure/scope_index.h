// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>

#include "core/dicom_store.h"
#include "core/uid.h"
#include "sharing/share.h"

namespace sekisho::disclosure {

/// Membership in a scope by look-up, of what list_scope() has listed: sharing::covers() reads
/// through the whole list each time.
class ScopeIndex {
 public:
  explicit ScopeIndex(const sharing::Scope& scope) {
    if (const auto* series = std::get_if<sharing::SeriesScope>(&scope)) {
      all_ = false;
      series_.insert(series->series.begin(), series->series.end());
    } else if (const auto* instances = std::get_if<sharing::InstanceScope>(&scope)) {
      all_ = false;
      instances_.insert(instances->instances.begin(), instances->instances.end());
    }
  }
  bool covers(const core::SeriesKey& series, const core::Uid& instance) const {
    return all_ || series_.contains(series) || instances_.contains({series, instance});
  }

 private:
  bool all_ = true;
  std::set<core::SeriesKey> series_;
  std::set<core::InstanceKey> instances_;
};

}  // namespace sekisho::disclosure
