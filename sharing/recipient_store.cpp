// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/recipient_store.h"

#include <array>

#include "sharing/bearer.h"

namespace sekisho::sharing {
namespace {

/// In the order of CredentialStatus.
constexpr std::array<std::string_view, 4> kStatusNames = {"live", "suspended", "expired",
                                                          "revoked"};

}  // namespace

CredentialStatus status(const Token& token, const Recipient& recipient, core::Time now) {
  if (token.revoked_at) return CredentialStatus::revoked;
  if (now >= token.expires_at) return CredentialStatus::expired;
  return recipient.disabled_at ? CredentialStatus::suspended : CredentialStatus::live;
}

CredentialStatus status(const Certificate& certificate, const Recipient& recipient,
                        core::Time now) {
  if (now >= certificate.not_after) return CredentialStatus::expired;
  return recipient.disabled_at ? CredentialStatus::suspended : CredentialStatus::live;
}

CredentialStatus status(const CertificateRule&, const Recipient& recipient, core::Time) {
  return recipient.disabled_at ? CredentialStatus::suspended : CredentialStatus::live;
}

std::string_view name(CredentialStatus status) {
  return kStatusNames.at(static_cast<std::size_t>(status));
}

std::optional<Token> RecipientStore::find_token(std::string_view text) const {
  if (bearer_kind(text) != BearerKind::token) return std::nullopt;
  return find_token(bearer_hash(text));
}

}  // namespace sekisho::sharing
