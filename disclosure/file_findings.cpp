// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/file_findings.h"

namespace sekisho::disclosure {
namespace {

constexpr std::size_t kMost = 100'000;  // about 10 MB

}  // namespace

std::optional<Fitness> FileFindings::find(const std::string& revision) const {
  const core::MutexLock lock(mutex_);
  const auto known = found_.find(revision);
  return known == found_.end() ? std::nullopt : std::optional(known->second);
}

void FileFindings::keep(const std::string& revision, Fitness found) {
  const core::MutexLock lock(mutex_);
  if (found_.size() >= kMost && !found_.contains(revision)) found_.clear();
  found_[revision] = found;
}

}  // namespace sekisho::disclosure
