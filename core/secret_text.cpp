// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secret_text.h"

#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kEncodedBytes = 43;

}  // namespace

SecretText new_secret_text(std::string_view prefix) {
  const Secret secret = Secret::random(kSecretBytes);
  SecretText made;
  made.text.append(prefix).append(to_base64url(secret.view()));
  made.hash = secret_text_hash(made.text);
  return made;
}

bool is_secret_text(std::string_view prefix, std::string_view text) {
  return text.size() == prefix.size() + kEncodedBytes && text.starts_with(prefix) &&
         from_base64url(text.substr(prefix.size())).has_value();
}

Sha256 secret_text_hash(std::string_view text) { return sha256(as_bytes(text)); }

}  // namespace sekisho::core
