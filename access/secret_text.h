// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"

namespace sekisho::access {

/// What a secret text of ours is: an invitation ("ski_…") or the value of a session's cookie
/// ("sks_…").
enum class SecretKind { invitation, session };

/// A prefix and 43 characters: 256 random bits in base64url. Case-sensitive.
struct NewSecret {
  std::string text;     ///< given away once, never stored
  core::Sha256 hash{};  ///< what is stored
};
NewSecret new_secret(SecretKind kind);

/// SHA-256 of the whole text; `nullopt` for what has not the form of that kind. Fast and unsalted
/// is right here: nobody guesses 256 random bits, and who does not know the text can steer no bit
/// of the hash that an index compares.
std::optional<core::Sha256> secret_hash(SecretKind kind, std::string_view text);

}  // namespace sekisho::access
