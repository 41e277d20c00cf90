// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "core/digest.h"
#include "core/time.h"

namespace sekisho::sharing {

/// What a caller gives with a creation, so that the same call sent again makes no second thing.
struct CreationKey {
  core::Sha256 key{};      ///< of the key itself and of who gave it
  core::Sha256 request{};  ///< of what was asked for
  core::Time given_at;
};

/// What a key has made.
struct Creation {
  core::Sha256 request{};
  std::string made;  ///< an id
};

inline constexpr std::chrono::hours kCreationKeyLife{24};

}  // namespace sekisho::sharing
