// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/network.h"
#include "core/setup_trouble.h"
#include "http/limits.h"

namespace sekisho::gateway {

/// Where to listen with TLS.
struct TlsListener {
  std::string address;                     ///< the VPN address
  std::uint16_t port = 0;                  ///< 0: any free one, see Gateway::tls_port()
  std::string setting;                     ///< what names these two in core::SetupTrouble
  core::ConfiguredPath certificate_chain;  ///< PEM
  core::ConfiguredPath private_key;        ///< PEM
  /// Where TCP proxies stand. Each must say of every connection whose it is (PROXY protocol,
  /// version 2), and that address counts from then on: in networks, limits and the access log.
  std::vector<core::Network> proxies{};
};

/// Where to listen without TLS, for a TLS proxy on the same machine: a loopback address or a unix
/// socket, nothing else. The source of every request is then the proxy (a unix socket counts as
/// 127.0.0.1), and no forwarded header is read: recipients who come this way need the proxy's
/// address among their networks. No limit per address applies here.
struct PlainListener {
  std::string address;  ///< "127.0.0.1", "::1"; empty with a socket
  std::uint16_t port = 0;
  std::string setting;  ///< what names these two in core::SetupTrouble
  core::ConfiguredPath unix_socket;
};

/// What the pages say before anybody has signed in: whose door this is.
struct DoorPlate {
  std::string institution;  ///< what the hospital is called; may be empty
  std::string contact;      ///< who helps, and how to reach them; may be empty
};

struct Options {
  std::optional<TlsListener> tls;
  std::optional<PlainListener> plain;
  std::string public_url;  ///< "https://share.hospital.example": what stands in answers
  DoorPlate plate;
  /// Whose pages may read answers in a browser, as these write origins; nobody's by default.
  std::vector<std::string> allowed_origins;
  /// Where bodies of more than a megabyte lie while they are received, in files without a name.
  std::filesystem::path spool_directory = "/var/tmp";
  http::Limits limits;
};

}  // namespace sekisho::gateway
