// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dicomweb/wildcard.h"

namespace sekisho::dicomweb {

/// A person's name that was asked for with `fuzzymatching=true` (PS3.18 §8.3.4.2). An immutable
/// value.
class FuzzyName {
 public:
  explicit FuzzyName(std::string_view asked);

  /// Whether each word that was asked for begins a word of `name`, in whatever order and component
  /// group; or all of them, written without a space, the words of one group. Words may have
  /// wildcards.
  bool matches(std::string_view name) const;

 private:
  std::vector<Wildcard> words_;
  std::vector<Wildcard> joined_;  ///< one, or none where nothing was asked
};

}  // namespace sekisho::dicomweb
