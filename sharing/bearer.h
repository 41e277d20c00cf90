// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"

namespace sekisho::sharing {

/// What a bearer text is: a recipient's token ("skt_…") or the secret of a share's link ("skl_…").
enum class BearerKind { token, link };

/// A bearer text is a prefix and 43 characters: 256 random bits in base64url. Case-sensitive.
struct NewBearer {
  std::string text;     ///< shown once, never stored
  core::Sha256 hash{};  ///< bearer_hash(text), what is stored
};
NewBearer new_bearer(BearerKind kind);

/// `nullopt` for what has not the form of either.
std::optional<BearerKind> bearer_kind(std::string_view text);

/// SHA-256 of the whole text. Fast and unsalted is right here: nobody guesses 256 random bits. And
/// a look-up by it leaks nothing through its timing: who does not know the text can steer no bit of
/// the hash that the index compares.
core::Sha256 bearer_hash(std::string_view text);

}  // namespace sekisho::sharing
