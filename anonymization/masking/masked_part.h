// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "core/uid.h"

namespace sekisho::anonymization {

/// Of a data set, before and behind its pixels.
enum class Part : std::uint8_t {
  header,  ///< carries the statement of how it was masked
  trailer
};

/// (0008,0018) at the top level before and after, where it was there and a UID.
struct SopInstance {
  std::optional<core::Uid> original;
  std::optional<core::Uid> masked;
};

}  // namespace sekisho::anonymization
