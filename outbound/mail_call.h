// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/demand.h"
#include "core/secret.h"

namespace sekisho::outbound {

/// How a connection to a mail server becomes private. In clear nothing is ever sent.
enum class MailTls {
  starttls,  ///< RFC 3207: a server that does not offer it gets nothing
  implicit,  ///< RFC 8314 §3.3: from the first byte
};

/// Where mail is handed in.
struct MailServer {
  std::string host;  ///< a DNS name or an address, which its certificate bears
  std::uint16_t port = 0;
  MailTls tls = MailTls::starttls;
  std::filesystem::path ca_file;  ///< of an empty path: the system's authorities
  std::string user;               ///< empty: no login
  core::Secret password;
};

/// A message (RFC 5322) and whose it is: addresses as mail::parse_address() gives them.
struct MailCall {
  std::string from;
  std::string to;
  std::string_view message;
};

/// Why a message was not taken.
struct MailTrouble {
  enum class Of {
    server,   ///< whatever is sent meets it
    message,  ///< the server does not take this one
  };
  Of of = Of::server;
  std::string text;  ///< goes behind "The mail server "; no address and no word of the server's
};

/// `nullopt` once the server has taken it, which it may do though it cannot say so any more. Ends
/// within a minute, or soon after `demand` does. Any thread.
std::optional<MailTrouble> hand_in(const MailServer& server, const MailCall& call,
                                   const core::Demand& demand);

}  // namespace sekisho::outbound
