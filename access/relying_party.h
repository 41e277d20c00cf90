// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::access {

/// Whom passkeys are made for: they work at no other address, whoever copies the pages.
struct RelyingParty {
  std::string id;      ///< the host's name
  std::string origin;  ///< as browsers write it, without the port that goes without saying
};

/// Of "scheme://host[:port]". `nullopt` where the host is an address: browsers make passkeys for
/// names alone (Web Authentication §5.1.3, "effective domain").
std::optional<RelyingParty> relying_party_of(std::string_view public_url);

}  // namespace sekisho::access
