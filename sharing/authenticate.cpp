// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/authenticate.h"

#include <algorithm>

#include "sharing/bearer.h"

namespace sekisho::sharing {
namespace {

/// What the credentials say, before anything is known of the recipient itself.
struct Claim {
  RecipientId recipient;
  Assurance assurance = Assurance::link;
  Method method = Method::link;
  std::string credential;
  std::optional<ShareId> only_share;
  std::optional<core::Sha256> token_hash;
  std::optional<core::Sha256> certificate;
  std::optional<SignedIn> signed_in;
  TokenScope scope{};
};

bool is_live(const Token& token, core::Time now) {
  return !token.revoked_at && now < token.expires_at;
}

bool is_live(const Certificate& certificate, core::Time now) { return now < certificate.not_after; }

/// Nothing that was shown says who is there.
struct Nobody {
  Denial why = Denial::unknown_credential;
};
using MaybeClaim = std::variant<Nobody, Claim, Denial>;

Claim claim_by_certificate(const RecipientId& recipient, std::string id,
                           const core::Sha256& certificate) {
  return {recipient,    Assurance::certificate, Method::certificate, std::move(id),
          std::nullopt, std::nullopt,           certificate,         std::nullopt};
}

/// The rules that a vouched certificate falls under.
std::vector<CertificateRule> rules_for(const Vouched& vouched, const RecipientStore& recipients) {
  std::vector<CertificateRule> rules;
  for (const core::Sha256& name : vouched.names) {
    for (CertificateRule& rule : recipients.find_certificate_rules(name)) {
      const auto& authorities = vouched.authorities;
      const bool is_of_it = std::ranges::find(authorities, rule.authority) != authorities.end();
      if (is_of_it) rules.push_back(std::move(rule));
    }
  }
  return rules;
}

/// By the certificate itself or by its names: whoever both ways name must be one recipient.
MaybeClaim claim_of_certificate(const std::optional<core::Sha256>& certificate,
                                const VouchingFor& vouching, const RecipientStore& recipients,
                                core::Time now) {
  if (!certificate) return Nobody{};
  MaybeClaim claim = Nobody{};
  if (const auto enrolled = recipients.find_certificate(*certificate)) {
    if (!is_live(*enrolled, now)) return Denial::expired_credential;
    claim = claim_by_certificate(enrolled->recipient, enrolled->id.text(), *certificate);
  }
  if (!vouching) return claim;
  const Vouching said = vouching(now);
  if (const auto* denial = std::get_if<Denial>(&said)) {
    if (*denial != Denial::unknown_authority) return *denial;
    if (std::holds_alternative<Nobody>(claim)) return Nobody{*denial};
    return claim;
  }
  for (const CertificateRule& rule : rules_for(std::get<Vouched>(said), recipients)) {
    const auto* known = std::get_if<Claim>(&claim);
    if (known != nullptr && known->recipient != rule.recipient) {
      return Denial::ambiguous_certificate;
    }
    if (known == nullptr)
      claim = claim_by_certificate(rule.recipient, rule.id.text(), *certificate);
  }
  if (std::holds_alternative<Nobody>(claim)) return Nobody{Denial::unnamed_certificate};
  return claim;
}

MaybeClaim claim_of_token(std::string_view text, const RecipientStore& recipients, core::Time now) {
  const core::Sha256 hash = bearer_hash(text);
  const auto token = recipients.find_token(hash);
  if (!token) return Denial::unknown_credential;
  if (!is_live(*token, now)) return Denial::expired_credential;
  return Claim{token->recipient, Assurance::password, Method::token,
               token->id.text(), std::nullopt,        hash,
               std::nullopt,     std::nullopt,        token->scope};
}

/// A link of a share that is over still identifies: authorize() then says why not.
MaybeClaim claim_of_link(std::string_view text, const ShareStore& shares) {
  const auto share = shares.find_by_link(bearer_hash(text));
  if (!share) return Denial::unknown_credential;
  return Claim{share->recipient, Assurance::link, Method::link, share->id.text(),
               share->id,        std::nullopt,    std::nullopt, std::nullopt};
}

Method method_of(const SignedIn& signed_in) {
  if (signed_in.by == SignedIn::By::application_password) return Method::application_password;
  if (signed_in.by == SignedIn::By::provider) return Method::openid;
  switch (signed_in.assurance) {
    case Assurance::link:
      return Method::link;
    case Assurance::password:
      return Method::password;
    case Assurance::password_totp:
    case Assurance::certificate:
      break;
  }
  return Method::password_totp;
}

/// The gateway has found the session a moment ago.
Claim claim_of_session(const SignedIn& signed_in) {
  // No session is more than two factors: a certificate shows itself in each handshake. What a
  // viewer keeps in its settings is one.
  const bool is_viewer = signed_in.by == SignedIn::By::application_password;
  const Assurance assurance =
      std::min(signed_in.assurance, is_viewer ? Assurance::password : Assurance::password_totp);
  return Claim{signed_in.recipient,  assurance,    method_of(signed_in), signed_in.session,
               signed_in.only_share, std::nullopt, std::nullopt,         signed_in};
}

MaybeClaim claim_of_bearer(const Presented& presented, const RecipientStore& recipients,
                           const ShareStore& shares, core::Time now) {
  if (!presented.bearer) {
    if (presented.signed_in) return claim_of_session(*presented.signed_in);
    return Nobody{};
  }
  const auto kind = bearer_kind(*presented.bearer);
  if (kind == BearerKind::token) return claim_of_token(*presented.bearer, recipients, now);
  if (kind == BearerKind::link) return claim_of_link(*presented.bearer, shares);
  return Denial::unknown_credential;
}

/// Two credentials must name one recipient. A link beside a certificate still opens its share only.
std::variant<Claim, Denial> combine(const MaybeClaim& by_certificate, const MaybeClaim& by_bearer) {
  for (const MaybeClaim* claim : {&by_certificate, &by_bearer}) {
    if (const auto* denial = std::get_if<Denial>(claim)) return *denial;
  }
  const auto* certificate = std::get_if<Claim>(&by_certificate);
  const auto* bearer = std::get_if<Claim>(&by_bearer);
  if (certificate == nullptr && bearer == nullptr) return std::get<Nobody>(by_certificate).why;
  if (certificate == nullptr) return *bearer;
  if (bearer == nullptr) return *certificate;
  if (certificate->recipient != bearer->recipient) return Denial::contradicting_credentials;
  Claim both = *certificate;
  both.credential += '+' + bearer->credential;
  both.only_share = bearer->only_share;
  both.token_hash = bearer->token_hash;
  both.signed_in = bearer->signed_in;
  both.scope = bearer->scope;
  if (bearer->method == Method::token) both.method = Method::token_and_certificate;
  if (bearer->method == Method::password || bearer->method == Method::password_totp ||
      bearer->method == Method::application_password) {
    both.method = Method::password_and_certificate;
  }
  if (bearer->method == Method::openid) both.method = Method::openid_and_certificate;
  return both;
}

bool allowed_from(const Recipient& recipient, const core::IpAddress& source) {
  return std::any_of(recipient.networks.begin(), recipient.networks.end(),
                     [&](const core::Network& network) { return network.contains(source); });
}

/// `found` is the present state of what the credential named.
template <class Found>
bool belongs_and_lives(const std::optional<Found>& found, const RecipientId& to, core::Time now) {
  return found && found->recipient == to && is_live(*found, now);
}

}  // namespace

bool admits(const Recipient& recipient, const core::IpAddress& source) {
  return !recipient.disabled_at && allowed_from(recipient, source);
}

bool holds(const Credential& credential, const RecipientStore& recipients, core::Time now) {
  const auto recipient = recipients.find(credential.recipient);
  if (!recipient || !admits(*recipient, credential.source)) return false;
  if (credential.token_hash &&
      !belongs_and_lives(recipients.find_token(*credential.token_hash), recipient->id, now)) {
    return false;
  }
  if (credential.signed_in && !credential.signed_in->holds(now)) return false;
  if (!credential.certificate) return true;
  const auto by_certificate =
      claim_of_certificate(credential.certificate, credential.vouching, recipients, now);
  const auto* claim = std::get_if<Claim>(&by_certificate);
  return claim != nullptr && claim->recipient == recipient->id;
}

std::string_view name(Method method) {
  switch (method) {
    case Method::link:
      return "link";
    case Method::token:
      return "token";
    case Method::certificate:
      return "certificate";
    case Method::token_and_certificate:
      return "token+certificate";
    case Method::password:
      return "password";
    case Method::password_totp:
      return "password+totp";
    case Method::password_and_certificate:
      return "password+certificate";
    case Method::application_password:
      return "application_password";
    case Method::openid:
      return "openid";
    case Method::openid_and_certificate:
      return "openid+certificate";
  }
  return {};
}

std::variant<Authenticated, Denial> authenticate(const Presented& presented,
                                                 const RecipientStore& recipients,
                                                 const ShareStore& shares, core::Time now) {
  const auto claim =
      combine(claim_of_certificate(presented.certificate, presented.vouching, recipients, now),
              claim_of_bearer(presented, recipients, shares, now));
  if (const auto* denial = std::get_if<Denial>(&claim)) return *denial;
  const Claim& held = std::get<Claim>(claim);
  auto recipient = recipients.find(held.recipient);
  if (!recipient) return Denial::unknown_credential;
  if (recipient->disabled_at) return Denial::disabled_recipient;
  if (!allowed_from(*recipient, presented.source)) return Denial::foreign_network;
  Credential credential{held.credential,  recipient->id,  presented.source,  held.token_hash,
                        held.certificate, held.signed_in, presented.vouching};
  return Authenticated(std::move(*recipient), held.assurance, held.method, std::move(credential),
                       held.only_share, held.scope);
}

}  // namespace sekisho::sharing
