// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/digest.h"

namespace sekisho::core {

/// A prefix, which says what it is for, and 43 characters: 256 random bits in base64url.
/// Case-sensitive.
struct SecretText {
  std::string text;  ///< given away once, never stored
  Sha256 hash{};     ///< secret_text_hash() of it, what is stored
};
SecretText new_secret_text(std::string_view prefix);

bool is_secret_text(std::string_view prefix, std::string_view text);

/// SHA-256 of the whole text. Fast and unsalted is right here: nobody guesses 256 random bits. And
/// a look-up by it leaks nothing through its timing: who does not know the text can steer no bit of
/// the hash that the index compares.
Sha256 secret_text_hash(std::string_view text);

}  // namespace sekisho::core
