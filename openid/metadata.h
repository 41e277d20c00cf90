// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::openid {

/// How a client shows the token endpoint who it is (RFC 6749 §2.3.1).
enum class ClientAuthentication { basic, post };

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3), as far as we use it.
struct Metadata {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  ClientAuthentication authentication = ClientAuthentication::basic;
  /// Whether each of its answers to a browser names the issuer (RFC 9207 §3).
  bool names_issuer = false;
};

/// "https://host[:port][/path][?query]" in printable ASCII, without a user and a fragment: what a
/// provider may have as an address.
bool is_https_address(std::string_view url);

/// Where a provider has it (§4).
std::string metadata_address(const std::string& issuer);

/// `nullopt` for what is none, is not that issuer's own (§4.3), or names an address without TLS.
std::optional<Metadata> read_metadata(std::string_view json, const std::string& issuer);

}  // namespace sekisho::openid
