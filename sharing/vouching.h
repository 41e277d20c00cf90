// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>
#include <vector>

#include "core/digest.h"
#include "sharing/denial.h"

namespace sekisho::sharing {

/// What authorities say of a certificate whose chain holds.
struct Vouched {
  std::vector<core::Sha256> authorities;  ///< their keys, from its issuer up
  std::vector<core::Sha256> names;        ///< keys of its names, as in CertificateName
};

/// What they say of any.
using Vouching = std::variant<Vouched, Denial>;

}  // namespace sekisho::sharing
