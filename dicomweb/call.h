// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dicomweb/request.h"
#include "dicomweb/route.h"
#include "sharing/authenticate.h"
#include "sharing/share_store.h"

namespace sekisho::dicomweb {

/// One request on its way through the service. What it refers to outlives it.
struct Call {
  const Request& request;
  const sharing::Authenticated& who;
  sharing::SharedShares shares;  ///< those that may answer, newest first
  const Matched& target;
  /// Where the root is that of one share: this one; else null.
  std::shared_ptr<const sharing::Share> only = shares.size() == 1 ? shares.front() : nullptr;
};

}  // namespace sekisho::dicomweb
