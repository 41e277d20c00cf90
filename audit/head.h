// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/digest.h"

namespace sekisho::audit {

/// How far a log has grown, and what its key signed of that.
struct Head {
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string checkpoint;  ///< the signed note (C2SP signed-note v1.0.0)
};

}  // namespace sekisho::audit
