// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/network.h"
#include "sharing/denial.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"

namespace sekisho::sharing {

/// What a connection and its request show of who is there. Filled by the gateway from the socket,
/// the TLS session and the Authorization header, from nothing else.
struct Presented {
  core::IpAddress source;
  std::optional<core::Sha256> certificate;  ///< of a certificate whose key the TLS handshake proved
  std::optional<std::string> bearer;        ///< after "Bearer "
};

enum class Method { link, token, certificate, token_and_certificate };
std::string_view name(Method method);

/// What somebody was let in by. No secret.
struct Credential {
  std::string id;  ///< of the token, the certificate, both or, for a link, of its share
  RecipientId recipient;
  core::IpAddress source;
  std::optional<core::Sha256> token_hash;
  std::optional<core::Sha256> certificate;
};

/// Whether it would let them in still: the recipient not disabled and its networks the same as far
/// as they matter, the token neither revoked nor expired, the certificate enrolled and not expired.
/// A link holds as long as its share, of which nothing is asked here. Throws core::DatabaseError.
bool holds(const Credential& credential, const RecipientStore& recipients, core::Time now);

/// A recipient whose credential held. Only authenticate() makes one.
class Authenticated {
 public:
  const Recipient& recipient() const { return recipient_; }
  Assurance assurance() const { return assurance_; }
  Method method() const { return method_; }
  const core::IpAddress& source() const { return credential_.source; }
  const Credential& credential() const { return credential_; }
  /// A link opens its own share only.
  const std::optional<ShareId>& only_share() const { return only_share_; }

 private:
  Authenticated(Recipient recipient, Assurance assurance, Method method, Credential credential,
                std::optional<ShareId> only_share)
      : recipient_(std::move(recipient)),
        assurance_(assurance),
        method_(method),
        credential_(std::move(credential)),
        only_share_(std::move(only_share)) {}
  friend std::variant<Authenticated, Denial> authenticate(const Presented&, const RecipientStore&,
                                                          const ShareStore&, core::Time);
  Recipient recipient_;
  Assurance assurance_;
  Method method_;
  Credential credential_;
  std::optional<ShareId> only_share_;
};

/// Who is there? A token (assurance `password`: one factor), a link secret (`link`), an enrolled
/// certificate (`certificate`), or a token together with a certificate of the same recipient
/// (`certificate`). A certificate that nobody enrolled counts as none. The source address must lie
/// in the recipient's networks.
std::variant<Authenticated, Denial> authenticate(const Presented& presented,
                                                 const RecipientStore& recipients,
                                                 const ShareStore& shares, core::Time now);

}  // namespace sekisho::sharing
