// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "gateway/ports.h"
#include "sharing/authenticate.h"

namespace sekisho::gateway {

/// What an Authorization field of the scheme "Basic" says (RFC 7617 §2).
struct Basic {
  std::string login;
  std::string password;
};
/// `nullopt` for any other scheme, and for what is no base64 of UTF-8 with a colon in it.
std::optional<Basic> basic_of(std::string_view authorization);

/// Whom an application password lets in: its text is the password, its owner's login the name. Any
/// other password opens nothing here, whoever's it is. `ports` outlives the answer. Throws
/// core::DatabaseError.
std::variant<sharing::SignedIn, sharing::Denial> signed_in_by(const Basic& shown,
                                                              const Ports& ports, core::Time now);

}  // namespace sekisho::gateway
