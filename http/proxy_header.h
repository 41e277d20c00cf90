// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "core/network.h"

namespace sekisho::http {

/// What a TCP proxy says of a connection ahead of its bytes: the PROXY protocol in version 2, as
/// https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt has it in §2.2.
struct ProxyHeader {
  /// Whom it speaks for; `nullopt`: for itself, as in a health check.
  std::optional<core::IpAddress> client;
};
/// So many bytes more are the header's for certain.
struct ProxyHeaderRest {
  std::size_t bytes = 0;
};
/// It must not be believed.
struct ProxyHeaderRefusal {
  std::string_view reason;  ///< what the proxy sent, for the operator's log
};
using ProxyReading = std::variant<ProxyHeader, ProxyHeaderRest, ProxyHeaderRefusal>;

/// Of one header, with what is extra in it.
inline constexpr std::size_t kLongestProxyHeader = 4096;

/// Pure. `so_far` is what has arrived: whoever reads no more of it than the rest that is asked for
/// leaves what stands behind the header unread. Clients over TCP alone; a checksum must be right.
ProxyReading read_proxy_header(core::ByteView so_far);

}  // namespace sekisho::http
