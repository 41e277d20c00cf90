// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"

namespace sekisho::access {

/// For whoever has lost their authenticator: each opens once in place of a code.
inline constexpr std::size_t kRecoveryCodes = 10;

struct RecoveryCodes {
  std::vector<std::string> texts;    ///< shown once: "ABCD-EFGH-IJKL-MNOP", 80 random bits each
  std::vector<core::Sha256> hashes;  ///< what is stored, in the same order
};
RecoveryCodes new_recovery_codes();

/// Of a code as somebody typed it, whatever its case, blanks and hyphens; `nullopt` for what cannot
/// be one. SHA-256 is enough: nobody tries 2^80.
std::optional<core::Sha256> recovery_code_hash(std::string_view typed);

}  // namespace sekisho::access
