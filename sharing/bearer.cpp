// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/bearer.h"

namespace sekisho::sharing {
namespace {

constexpr std::string_view kTokenPrefix = "skt_";
constexpr std::string_view kLinkPrefix = "skl_";

}  // namespace

NewBearer new_bearer(BearerKind kind) {
  return core::new_secret_text(kind == BearerKind::token ? kTokenPrefix : kLinkPrefix);
}

std::optional<BearerKind> bearer_kind(std::string_view text) {
  if (core::is_secret_text(kTokenPrefix, text)) return BearerKind::token;
  if (core::is_secret_text(kLinkPrefix, text)) return BearerKind::link;
  return std::nullopt;
}

core::Sha256 bearer_hash(std::string_view text) { return core::secret_text_hash(text); }

}  // namespace sekisho::sharing
