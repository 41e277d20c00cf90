// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/log.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::core {

/// What is wrong at the moment with something that works behind all answers. The operator is told
/// when that begins, becomes another, or ends. Any thread.
class ToldTrouble {
 public:
  /// `ended`: what the operator is told at its end.
  ToldTrouble(Log report, std::string ended);

  /// `trouble`: a sentence, behind which the operator is told what comes of it; empty while all is
  /// well.
  void note(const std::string& trouble, std::string_view what_comes_of_it = "");
  /// The sentence.
  std::string text() const;

 private:
  const Log report_;
  const std::string ended_;
  mutable Mutex mutex_;
  std::string trouble_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::core
