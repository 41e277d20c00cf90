// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::tests {

inline constexpr std::string_view kProxySignature{"\r\n\r\n\0\r\nQUIT\n", 12};

/// A header of the PROXY protocol, version 2, with any bytes in it.
inline std::string proxy_header(int command, int family, std::string_view content) {
  std::string header(kProxySignature);
  header += static_cast<char>(command);
  header += static_cast<char>(family);
  header += static_cast<char>(content.size() >> 8);
  header += static_cast<char>(content.size() & 0xFF);
  return header.append(content);
}

/// Both addresses and both ports of a connection from `client`.
inline std::string proxied_addresses(const std::string& client) {
  const int family = client.find(':') == std::string::npos ? AF_INET : AF_INET6;
  std::array<char, 16> bytes{};
  inet_pton(family, client.c_str(), bytes.data());
  const std::string address(bytes.data(), family == AF_INET ? 4 : 16);
  return address + address + std::string("\xC0\x01\x01\xBB", 4);
}

/// What a proxy says of `client`, and `extra` behind the addresses.
inline std::string header_for(const std::string& client, std::string_view extra = {}) {
  const int family = client.find(':') == std::string::npos ? 0x11 : 0x21;
  return proxy_header(0x21, family, proxied_addresses(client).append(extra));
}

/// What a proxy says when it looks whether the server is there.
inline std::string health_check_header() { return proxy_header(0x20, 0x00, {}); }

}  // namespace sekisho::tests
