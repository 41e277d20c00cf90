// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.h"
#include "core/id.h"
#include "core/network.h"
#include "core/time.h"
#include "sharing/certificate_name.h"
#include "sharing/change_feed.h"
#include "sharing/creation_key.h"
#include "sharing/list_order.h"
#include "sharing/recipient.h"
#include "sharing/share.h"

namespace sekisho::sharing {

struct TokenKind;
using TokenId = core::Id<TokenKind>;
struct CertificateKind;
using CertificateId = core::Id<CertificateKind>;
struct CertificateRuleKind;
using CertificateRuleId = core::Id<CertificateRuleKind>;

/// What a token may do of what its recipient may: never more.
struct TokenScope {
  Permissions permissions = kEveryPermission;  ///< at most, whatever a share allows
  /// The only ones that it opens, ascending; none: all of the recipient's, later ones included.
  std::optional<std::vector<ShareId>> shares{};
  friend bool operator==(const TokenScope&, const TokenScope&) = default;
};
/// As many as the entry about it in the access log names.
inline constexpr std::size_t kMostSharesOfToken = 15;

/// A bearer token as stored: its text is shown once at creation, only its hash is kept.
struct Token {
  TokenId id;
  RecipientId recipient;
  std::string name;
  core::Time created_at;
  core::Time expires_at;
  std::optional<core::Time> revoked_at{};
  TokenScope scope{};  ///< for good
};

struct NewToken {
  Token token;
  std::string text;  ///< "skt_" and 43 characters: 256 random bits in base64url
};

/// An enrolled client certificate.
struct Certificate {
  CertificateId id;
  RecipientId recipient;
  core::Sha256 sha256{};  ///< of its DER
  std::string subject;
  core::Time not_after;
  core::Time created_at;
};

/// Certificates that a recipient has by their name, whichever of them is in force: those of one
/// authority, which have been vouched for.
struct CertificateRule {
  CertificateRuleId id;
  RecipientId recipient;
  core::Sha256 authority{};  ///< ClientAuthority::key of any that stands above the certificate
  CertificateName name;
  core::Time created_at;
};

/// What a credential is worth. Suspended while its recipient is disabled: it may be live again.
enum class CredentialStatus { live, suspended, expired, revoked };
/// `recipient` is the credential's.
CredentialStatus status(const Token& token, const Recipient& recipient, core::Time now);
CredentialStatus status(const Certificate& certificate, const Recipient& recipient, core::Time now);
CredentialStatus status(const CertificateRule& rule, const Recipient& recipient, core::Time now);
std::string_view name(CredentialStatus status);
/// Which part of the staff list is wanted.
struct RecipientFilter {
  std::optional<core::Time> since{};  ///< created then or later
  std::optional<core::Time> until{};  ///< created before
  ListOrder order = ListOrder::oldest_first;
  /// Each word of it stands in a name, kana, organisation, department, place, mail address or
  /// telephone number, by bare_spelling(); what has no letter and no digit finds nobody.
  std::string search{};
  std::optional<RecipientStatus> status{};
  RecipientId after{};  ///< what the list goes on behind; empty: from its beginning
  int limit = 100;      ///< 1 to kMostListed
};

/// How many look-alikes are told of.
inline constexpr int kMostLookAlikes = 100;

/// The durable home of recipients and their credentials. Any thread may call any method. A
/// database failure throws core::DatabaseError; "no such recipient" is a value.
class RecipientStore : public ChangeFeed {
 public:
  /// What a call has made that may have come before.
  virtual std::optional<Creation> find_creation(const CreationKey& key) const = 0;

  /// On return the recipient is on disk. False, and no recipient, if `creation` has made something
  /// before.
  virtual bool insert(const Recipient& recipient, const std::optional<CreationKey>& creation) = 0;
  bool insert(const Recipient& recipient) { return insert(recipient, std::nullopt); }
  virtual std::optional<Recipient> find(const RecipientId& id) const = 0;
  virtual std::vector<Recipient> list(const RecipientFilter& filter) const = 0;
  /// Those whose name may be taken for that of `recipient`, which need not be there and is none of
  /// them: the oldest kMostLookAlikes by are_alike().
  virtual std::vector<Recipient> look_alikes(const Recipient& recipient) const = 0;
  /// False if unknown or already disabled. All its shares and credentials are suspended with it.
  virtual bool disable(const RecipientId& id, core::Time now) = 0;
  /// False if unknown or not disabled.
  virtual bool enable(const RecipientId& id) = 0;
  /// Gives the recipient of this id all of `recipient` but when it was created and disabled, or
  /// nothing. False if unknown.
  virtual bool change(const Recipient& recipient) = 0;
  /// The same of all of `changed`, after all of `made` were inserted: all of it or, where one of
  /// `changed` is unknown, nothing and false.
  virtual bool write_all(const std::vector<Recipient>& made,
                         const std::vector<Recipient>& changed) = 0;
  /// Adds a network to the allowed ones. False if the recipient is unknown or has it already.
  virtual bool add_network(const RecipientId& id, const core::Network& network) = 0;
  /// False if the recipient has it not, or no other one.
  virtual bool remove_network(const RecipientId& id, const core::Network& network) = 0;
  /// Those of all recipients that are not disabled, each once.
  virtual std::vector<core::Network> networks_in_use() const = 0;

  /// Makes the text of `token`, which is not revoked, and stores both. `nullopt` if its recipient
  /// is unknown, or if `creation` has made something before.
  virtual std::optional<NewToken> add_token(const Token& token,
                                            const std::optional<CreationKey>& creation) = 0;
  /// One that may do whatever the recipient may.
  std::optional<NewToken> add_token(const RecipientId& id, std::string_view name,
                                    core::Time expires_at, core::Time now) {
    return add_token({TokenId::random(), id, std::string(name), now, expires_at}, std::nullopt);
  }
  virtual std::vector<Token> tokens(const RecipientId& id) const = 0;
  virtual bool revoke_token(const TokenId& id, core::Time now) = 0;
  /// The token with this text, expired and revoked ones included: the caller decides.
  std::optional<Token> find_token(std::string_view text) const;
  /// The same by bearer_hash() of it.
  virtual std::optional<Token> find_token(const core::Sha256& hash) const = 0;

  enum class Enrolment {
    done,
    unknown_recipient,
    already_enrolled,
    made_before  ///< by the same key of its creation
  };
  /// A certificate belongs to one recipient.
  virtual Enrolment add_certificate(const Certificate& certificate,
                                    const std::optional<CreationKey>& creation) = 0;
  Enrolment add_certificate(const Certificate& certificate) {
    return add_certificate(certificate, std::nullopt);
  }
  virtual std::vector<Certificate> certificates(const RecipientId& id) const = 0;
  virtual std::optional<Certificate> find_certificate(const core::Sha256& sha256) const = 0;
  virtual bool remove_certificate(const CertificateId& id) = 0;

  /// A name of one authority belongs to one recipient.
  virtual Enrolment add_certificate_rule(const CertificateRule& rule,
                                         const std::optional<CreationKey>& creation) = 0;
  Enrolment add_certificate_rule(const CertificateRule& rule) {
    return add_certificate_rule(rule, std::nullopt);
  }
  virtual std::vector<CertificateRule> certificate_rules(const RecipientId& id) const = 0;
  /// Those for a name by its key, of whichever authority, the oldest first.
  virtual std::vector<CertificateRule> find_certificate_rules(const core::Sha256& name) const = 0;
  virtual bool remove_certificate_rule(const CertificateRuleId& id) = 0;
};

}  // namespace sekisho::sharing
