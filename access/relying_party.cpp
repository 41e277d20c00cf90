// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/relying_party.h"

#include <algorithm>

#include "core/letter_case.h"
#include "core/network.h"

namespace sekisho::access {

std::optional<RelyingParty> relying_party_of(std::string_view public_url) {
  std::string url = core::in_lower_case(public_url);
  const bool has_tls = url.starts_with("https://");
  if (!has_tls && !url.starts_with("http://")) return std::nullopt;
  const std::size_t begin = url.find("//") + 2;
  if (url.find_first_of("/[", begin) != std::string::npos) return std::nullopt;
  const std::size_t colon = std::min(url.find(':', begin), url.size());
  std::string host = url.substr(begin, colon - begin);
  if (host.empty() || core::IpAddress::parse(host)) return std::nullopt;
  if (url.substr(colon) == (has_tls ? ":443" : ":80")) url.resize(colon);
  return RelyingParty{std::move(host), std::move(url)};
}

}  // namespace sekisho::access
