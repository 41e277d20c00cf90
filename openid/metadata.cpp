// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/metadata.h"

#include <json/value.h>

#include <algorithm>
#include <variant>

#include "core/json_body.h"

namespace sekisho::openid {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kLongestAddress = 1024;

/// An empty text for what is no address of a provider.
std::string address_in(const Json::Value& metadata, const char* name) {
  const Json::Value& value = metadata[name];
  return value.isString() && is_https_address(value.asString()) ? value.asString() : "";
}

bool lists(const Json::Value& list, std::string_view text) {
  return std::ranges::any_of(
      list, [&](const Json::Value& each) { return each.isString() && each.asString() == text; });
}

/// The first of the two where the provider says nothing: it is the usual one (§3).
ClientAuthentication authentication_in(const Json::Value& metadata) {
  const Json::Value& methods = metadata["token_endpoint_auth_methods_supported"];
  const bool is_post = methods.isArray() && !lists(methods, "client_secret_basic") &&
                       lists(methods, "client_secret_post");
  return is_post ? ClientAuthentication::post : ClientAuthentication::basic;
}

}  // namespace

bool is_https_address(std::string_view url) {
  if (!url.starts_with(kScheme) || url.size() > kLongestAddress) return false;
  const std::string_view rest = url.substr(kScheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  constexpr std::string_view kNowhere = "\"#<>\\^`{|}";
  return !authority.empty() && authority.front() != ':' &&
         authority.find('@') == std::string_view::npos && std::ranges::all_of(url, [&](char c) {
           return c > ' ' && c <= '~' && kNowhere.find(c) == std::string_view::npos;
         });
}

std::string metadata_address(const std::string& issuer) {
  std::string address = issuer;
  if (address.ends_with('/')) address.pop_back();
  return address + "/.well-known/openid-configuration";
}

std::optional<Metadata> read_metadata(std::string_view json, const std::string& issuer) {
  const auto parsed = core::parse_json_object(json);
  const auto* said = std::get_if<Json::Value>(&parsed);
  if (said == nullptr || (*said)["issuer"] != issuer) return std::nullopt;
  Metadata metadata;
  metadata.authorization_endpoint = address_in(*said, "authorization_endpoint");
  metadata.token_endpoint = address_in(*said, "token_endpoint");
  metadata.jwks_uri = address_in(*said, "jwks_uri");
  if (metadata.authorization_endpoint.empty() || metadata.token_endpoint.empty() ||
      metadata.jwks_uri.empty()) {
    return std::nullopt;
  }
  metadata.authentication = authentication_in(*said);
  metadata.names_issuer = (*said)["authorization_response_iss_parameter_supported"] == true;
  return metadata;
}

}  // namespace sekisho::openid
