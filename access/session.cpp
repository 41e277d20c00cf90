// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/session.h"

#include <algorithm>
#include <array>

namespace sekisho::access {
namespace {

/// In the order of Level.
constexpr std::array<std::string_view, 3> kLevelNames = {"link", "password", "password+totp"};

}  // namespace

std::string_view name(Level level) { return kLevelNames.at(static_cast<std::size_t>(level)); }

std::optional<Level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

std::string_view authentication(const Session& session) {
  return session.began_by == BeganBy::provider ? "openid" : name(session.level);
}

AddressFamily family_of(const core::IpAddress& address) {
  // An IPv4-mapped address is written as the IPv4 address that it is.
  return address.text().find(':') == std::string::npos ? AddressFamily::ipv4 : AddressFamily::ipv6;
}

core::Time ends_at(const Session& session) {
  return std::min<core::Time>(session.begun_at + kAbsoluteLimit, session.used_at + kIdleLimit);
}

}  // namespace sekisho::access
