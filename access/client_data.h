// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "access/refusal.h"
#include "access/relying_party.h"
#include "core/digest.h"

namespace sekisho::access {

/// What a browser says of what it had an authenticator sign.
struct ClientData {
  std::string challenge;  ///< in base64url, as the page was given it
  core::Sha256 hash{};    ///< what the authenticator has seen of all this
};

enum class Ceremony { create, get };

/// Reads `json` as the browser gave it (Web Authentication §5.8.1) and holds it to §7.1 and §7.2:
/// for this ceremony, on a page of ours, not inside a page of somebody else's. What the challenge
/// is worth, the caller finds out.
std::variant<ClientData, Refusal> read_client_data(std::string_view json, Ceremony ceremony,
                                                   const RelyingParty& party);

}  // namespace sekisho::access
