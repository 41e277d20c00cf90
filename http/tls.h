// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/setup_trouble.h"
#include "core/time.h"

namespace sekisho::http {

struct SslContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextDeleter>;

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, SslDeleter>;

/// A server's TLS set-up and what its self-check noticed.
struct TlsIdentity {
  SslContext context;
  std::string remark;  ///< for staff: nothing that stops the door, or empty
};

/// TLS 1.2 with AEAD and ECDHE (BCP 195) and 1.3 for the certificate in `chain`. Client
/// certificates are asked for, never demanded, and any is let through the handshake: who it belongs
/// to is decided by its enrolled fingerprint, that the other side has its key is what the handshake
/// proves. No session is ever resumed, so that this proof belongs to each connection.
///
/// Throws core::SetupTrouble: a file that is missing or does not parse, a key that others can read
/// or that is not the certificate's, one not valid at `now`, one without a subject alternative
/// name, a chain out of order. Touches nothing of OpenSSL that is not its own.
TlsIdentity load_tls_identity(const core::ConfiguredPath& chain, const core::ConfiguredPath& key,
                              std::string_view public_url, core::Time now);

/// DER of the subjects of authorities, at the moment. Any thread; never blocks.
using AuthorityNames = std::function<std::shared_ptr<const std::vector<core::Bytes>>()>;

/// From here on each handshake names these authorities as it asks for a certificate, so that
/// clients find the right one (RFC 8446 §4.2.4, RFC 5246 §7.4.4). `names` outlives the context.
void name_authorities(SSL_CTX& context, const AuthorityNames& names);

}  // namespace sekisho::http
