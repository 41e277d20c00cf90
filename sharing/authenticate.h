// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/network.h"
#include "sharing/denial.h"
#include "sharing/recipient_store.h"
#include "sharing/share_store.h"
#include "sharing/vouching.h"

namespace sekisho::sharing {

/// Somebody who has signed in, here or at an identity provider, or has opened a link, and whom the
/// gateway knows by a session; or a viewer that shows a person's application password with each
/// request.
struct SignedIn {
  enum class By { session, provider, application_password };
  By by = By::session;
  std::string session;  ///< its id, or that of the application password; no secret
  RecipientId recipient;
  std::string person;       ///< the id; empty where a link began it
  std::string person_name;  ///< likewise
  Assurance assurance = Assurance::link;
  std::optional<ShareId> only_share;  ///< of a link
  /// Whether they are signed in still. Any thread; throws core::DatabaseError.
  std::function<bool(core::Time)> holds;
};

/// What the configured authorities say of one certificate at a moment, each time anew. Any thread.
using VouchingFor = std::function<Vouching(core::Time)>;

/// What a connection and its request show of who is there. Filled by the gateway from the socket,
/// the TLS session, the Authorization header or the session that a cookie names, from nothing else.
struct Presented {
  core::IpAddress source;
  std::optional<core::Sha256> certificate;  ///< of a certificate whose key the TLS handshake proved
  std::optional<std::string> bearer;        ///< after "Bearer "
  std::optional<SignedIn> signed_in{};      ///< where there is no bearer
  VouchingFor vouching{};  ///< for the certificate; empty: there are no authorities
};

enum class Method {
  link,
  token,
  certificate,
  token_and_certificate,
  password,
  password_totp,
  password_and_certificate,  ///< whether with a second factor or without
  application_password,
  openid,  ///< of an identity provider, whatever was shown there
  openid_and_certificate,
};
std::string_view name(Method method);

/// What somebody was let in by. No secret.
struct Credential {
  /// Of the token, the certificate or its rule, the session, those that there are; for a link of
  /// its share.
  std::string id;
  RecipientId recipient;
  core::IpAddress source;
  std::optional<core::Sha256> token_hash;
  std::optional<core::Sha256> certificate;
  std::optional<SignedIn> signed_in{};
  VouchingFor vouching{};
};

/// Whether it would let them in still: the recipient not disabled and its networks the same as far
/// as they matter, the token neither revoked nor expired, the certificate the recipient's and
/// nobody else's, not expired and not revoked, the session not ended.
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
  /// What a token leaves of what the recipient may; everything without one.
  const TokenScope& scope() const { return scope_; }

 private:
  Authenticated(Recipient recipient, Assurance assurance, Method method, Credential credential,
                std::optional<ShareId> only_share, TokenScope scope)
      : recipient_(std::move(recipient)),
        assurance_(assurance),
        method_(method),
        credential_(std::move(credential)),
        only_share_(std::move(only_share)),
        scope_(std::move(scope)) {}
  friend std::variant<Authenticated, Denial> authenticate(const Presented&, const RecipientStore&,
                                                          const ShareStore&, core::Time);
  Recipient recipient_;
  Assurance assurance_;
  Method method_;
  Credential credential_;
  std::optional<ShareId> only_share_;
  TokenScope scope_;
};

/// Whether its people may come from there: it is not disabled, and has the address in its networks.
bool admits(const Recipient& recipient, const core::IpAddress& source);

/// Who is there? A token (assurance `password`: one factor), a link secret (`link`), a session
/// (what it was begun with), an application password (`password`), a certificate (`certificate`)
/// that is enrolled or that an authority vouches for under a name that is the recipient's by a
/// rule, or one of the former together with a certificate of the same recipient (`certificate`). A
/// certificate that is nobody's counts as none; one of a known authority for which that does not
/// vouch, and one that is two recipients', lets nobody in, whatever stands beside it. The source
/// address must lie in the recipient's networks. What a token may not do,
/// it may not beside a certificate either.
std::variant<Authenticated, Denial> authenticate(const Presented& presented,
                                                 const RecipientStore& recipients,
                                                 const ShareStore& shares, core::Time now);

}  // namespace sekisho::sharing
