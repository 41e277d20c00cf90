// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/secret_text.h"

#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kEncodedBytes = 43;

std::string_view prefix_of(SecretKind kind) {
  return kind == SecretKind::invitation ? "ski_" : "sks_";
}

core::Sha256 hash_of(std::string_view text) { return core::sha256(core::as_bytes(text)); }

}  // namespace

NewSecret new_secret(SecretKind kind) {
  const core::Secret secret = core::Secret::random(kSecretBytes);
  NewSecret made;
  made.text.append(prefix_of(kind)).append(core::to_base64url(secret.view()));
  made.hash = hash_of(made.text);
  return made;
}

std::optional<core::Sha256> secret_hash(SecretKind kind, std::string_view text) {
  const std::string_view prefix = prefix_of(kind);
  if (text.size() != prefix.size() + kEncodedBytes || !text.starts_with(prefix) ||
      !core::from_base64url(text.substr(prefix.size()))) {
    return std::nullopt;
  }
  return hash_of(text);
}

}  // namespace sekisho::access
