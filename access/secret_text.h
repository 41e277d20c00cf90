// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/digest.h"
#include "core/secret_text.h"

namespace sekisho::access {

/// What a secret text of ours is: an invitation ("ski_…"), the value of a session's cookie
/// ("sks_…"), a link by which a password is chosen anew ("skr_…") or an application password
/// ("ska_…").
enum class SecretKind { invitation, session, reset, application };

using NewSecret = core::SecretText;
NewSecret new_secret(SecretKind kind);

/// core::secret_text_hash() of it; `nullopt` for what has not the form of that kind.
std::optional<core::Sha256> secret_hash(SecretKind kind, std::string_view text);

}  // namespace sekisho::access
