// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/secret_text.h"

namespace sekisho::access {
namespace {

std::string_view prefix_of(SecretKind kind) {
  switch (kind) {
    case SecretKind::invitation:
      return "ski_";
    case SecretKind::session:
      return "sks_";
    case SecretKind::reset:
      return "skr_";
    case SecretKind::application:
      return "ska_";
  }
  return {};
}

}  // namespace

NewSecret new_secret(SecretKind kind) { return core::new_secret_text(prefix_of(kind)); }

std::optional<core::Sha256> secret_hash(SecretKind kind, std::string_view text) {
  if (!core::is_secret_text(prefix_of(kind), text)) return std::nullopt;
  return core::secret_text_hash(text);
}

}  // namespace sekisho::access
