// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/recovery_codes.h"

#include "core/encoding.h"
#include "core/letter_case.h"
#include "core/secret.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kCodeBytes = 10;
constexpr std::size_t kCodeLetters = 16;
constexpr std::size_t kGroup = 4;

core::Sha256 hash_of(std::string_view letters) {
  return core::sha256({core::as_bytes("sekisho recovery code"), core::as_bytes(letters)});
}

std::string in_groups(std::string_view letters) {
  std::string text;
  for (std::size_t i = 0; i < letters.size(); i += kGroup) {
    text.append(text.empty() ? "" : "-").append(letters.substr(i, kGroup));
  }
  return text;
}

}  // namespace

RecoveryCodes new_recovery_codes() {
  RecoveryCodes codes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    const std::string letters = core::to_base32(core::Secret::random(kCodeBytes).view());
    codes.texts.push_back(in_groups(letters));
    codes.hashes.push_back(hash_of(letters));
  }
  return codes;
}

std::optional<core::Sha256> recovery_code_hash(std::string_view typed) {
  std::string letters;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char upper = core::upper(c);
    const bool is_base32 = (upper >= 'A' && upper <= 'Z') || (upper >= '2' && upper <= '7');
    if (!is_base32 || letters.size() == kCodeLetters) return std::nullopt;
    letters += upper;
  }
  if (letters.size() != kCodeLetters) return std::nullopt;
  return hash_of(letters);
}

}  // namespace sekisho::access
