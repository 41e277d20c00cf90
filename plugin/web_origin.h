// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/network.h"

namespace sekisho::plugin {

/// The parts of "scheme://host[:port]"; `host` keeps the brackets of an IPv6 address.
struct WebOrigin {
  std::string_view scheme;
  std::string_view host;
  /// `nullopt` for anything else, a path included.
  static std::optional<WebOrigin> parse(std::string_view url);
  /// By TLS, or in clear inside this machine.
  bool is_private() const;
};

/// A DNS name or an address without brackets.
bool is_host(const std::string& text);

bool is_loopback(const core::IpAddress& address);

}  // namespace sekisho::plugin
