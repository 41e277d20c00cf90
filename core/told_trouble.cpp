// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/told_trouble.h"

#include <utility>

namespace sekisho::core {

ToldTrouble::ToldTrouble(Log report, std::string ended)
    : report_(std::move(report)), ended_(std::move(ended)) {}

void ToldTrouble::note(const std::string& trouble, std::string_view what_comes_of_it) {
  {
    const MutexLock lock(mutex_);
    if (trouble == trouble_) return;
    trouble_ = trouble;
  }
  if (trouble.empty()) return report_(Severity::warning, ended_);
  report_(Severity::error, trouble + std::string(what_comes_of_it));
}

std::string ToldTrouble::text() const {
  const MutexLock lock(mutex_);
  return trouble_;
}

}  // namespace sekisho::core
