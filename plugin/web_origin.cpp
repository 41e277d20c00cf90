// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/web_origin.h"

#include <algorithm>

namespace sekisho::plugin {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_loopback_host(std::string_view host) {
  if (host == "localhost") return true;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  const auto address = core::IpAddress::parse(host);
  return address && is_loopback(*address);
}

}  // namespace

bool is_loopback(const core::IpAddress& address) {
  static const auto kLoopback4 = *core::Network::parse("127.0.0.0/8");
  static const auto kLoopback6 = *core::Network::parse("::1/128");
  return kLoopback4.contains(address) || kLoopback6.contains(address);
}

bool is_host(const std::string& text) {
  if (core::IpAddress::parse(text)) return true;
  const std::string url = "https://" + text;
  const auto origin = WebOrigin::parse(url);
  return origin && origin->host == text;
}

std::optional<WebOrigin> WebOrigin::parse(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  WebOrigin origin{url.substr(0, colon), url.substr(colon + 3)};
  const std::size_t bracket = origin.host.rfind(']');
  const std::size_t port = origin.host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (port != std::string_view::npos) {
    if (!is_port(origin.host.substr(port + 1))) return std::nullopt;
    origin.host = origin.host.substr(0, port);
  }
  constexpr std::string_view kHostCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  std::string_view name = origin.host;
  if (name.starts_with('[') && name.ends_with(']')) {
    name = name.substr(1, name.size() - 2);
    return core::IpAddress::parse(name) ? std::optional(origin) : std::nullopt;
  }
  if (name.empty() || name.find_first_not_of(kHostCharacters) != std::string_view::npos) {
    return std::nullopt;
  }
  return origin;
}

bool WebOrigin::is_private() const {
  return scheme == "https" || (scheme == "http" && is_loopback_host(host));
}

}  // namespace sekisho::plugin
