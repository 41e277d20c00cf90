// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "dicomweb/request.h"
#include "dicomweb/routes.h"
#include "sharing/authenticate.h"
#include "sharing/share.h"

namespace sekisho::dicomweb {

/// One request on its way through the service. Everything outlives it.
struct Call {
  const Request& request;
  const sharing::Authenticated& who;
  const std::vector<sharing::Share>& shares;
  const Matched& target;
};

}  // namespace sekisho::dicomweb
