// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"
#include "core/time.h"
#include "sharing/sqlite/rows.h"

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

/// What was made by the key in the last 24 hours. Throws db::Error.
std::optional<Creation> find_creation(Statements& statements, const CreationKey& key);

/// In the transaction of a creation: puts down what the key, if there is one, has made. False if it
/// has made something already; then nothing is to be made.
bool write_creation(Statements& statements, const std::optional<CreationKey>& key,
                    std::string_view made);

}  // namespace sekisho::sharing
