// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/digest.h"
#include "core/secret_text.h"

namespace sekisho::sharing {

/// What a bearer text is: a recipient's token ("skt_…") or the secret of a share's link ("skl_…").
enum class BearerKind { token, link };

using NewBearer = core::SecretText;
NewBearer new_bearer(BearerKind kind);

/// `nullopt` for what has not the form of either.
std::optional<BearerKind> bearer_kind(std::string_view text);

/// core::secret_text_hash() of it.
core::Sha256 bearer_hash(std::string_view text);

}  // namespace sekisho::sharing
