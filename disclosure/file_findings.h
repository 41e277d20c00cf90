// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "disclosure/fitness.h"

namespace sekisho::disclosure {

/// What answers found out about files, by their revision: whether they could be given. It decides
/// what is looked at before the first byte of the next answer, and nothing else: what was unfit is
/// left out only if it is so still (docs/adr/0016-what-is-unfit-is-left-out-and-said.md). Forgotten
/// by a restart, and when there are too many. Any thread.
class FileFindings {
 public:
  /// `nullopt`: no answer has met it.
  std::optional<Fitness> find(const std::string& revision) const;
  void keep(const std::string& revision, Fitness found);

 private:
  mutable core::Mutex mutex_;
  std::unordered_map<std::string, Fitness> found_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::disclosure
