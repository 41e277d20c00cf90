// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/bearer.h"

#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::sharing {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kTokenPrefix = "skt_";
constexpr std::string_view kLinkPrefix = "skl_";

}  // namespace

NewBearer new_bearer(BearerKind kind) {
  const core::Secret secret = core::Secret::random(kSecretBytes);
  NewBearer made;
  made.text = kind == BearerKind::token ? kTokenPrefix : kLinkPrefix;
  made.text += core::to_base64url(secret.view());
  made.hash = bearer_hash(made.text);
  return made;
}

std::optional<BearerKind> bearer_kind(std::string_view text) {
  if (text.size() != kTokenPrefix.size() + 43) return std::nullopt;
  if (!core::from_base64url(text.substr(kTokenPrefix.size()))) return std::nullopt;
  if (text.starts_with(kTokenPrefix)) return BearerKind::token;
  if (text.starts_with(kLinkPrefix)) return BearerKind::link;
  return std::nullopt;
}

core::Sha256 bearer_hash(std::string_view text) { return core::sha256(core::as_bytes(text)); }

}  // namespace sekisho::sharing
