// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/time.h"
#include "imaging/rendering/picture.h"
#include "sharing/authenticate.h"
#include "sharing/share.h"

namespace sekisho::dicomweb {

/// What is written into each picture of a share that asks for it: who sees it, and when, to the
/// minute. A value.
class PictureMark {
 public:
  /// Nothing where the share does not ask for it.
  static PictureMark of(const sharing::Share& share, const sharing::Authenticated& who,
                        core::Time now);
  /// Throws std::runtime_error where there is no font: without its mark no picture leaves.
  void put_on(imaging::Picture& picture) const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace sekisho::dicomweb
