// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/database.h"
#include "core/digest.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "sharing/creation_key.h"
#include "sharing/list_order.h"
#include "sharing/place.h"
#include "sharing/recipient.h"
#include "sharing/sqlite/change_watch.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

struct TokenKind;
using TokenId = core::Id<TokenKind>;
struct CertificateKind;
using CertificateId = core::Id<CertificateKind>;

/// A bearer token as stored: its text is shown once at creation, only its hash is kept.
struct Token {
  TokenId id;
  RecipientId recipient;
  std::string name;
  core::Time created_at;
  core::Time expires_at;
  std::optional<core::Time> revoked_at;
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

/// What a credential is worth. Suspended while its recipient is disabled: it may be live again.
enum class CredentialStatus { live, suspended, expired, revoked };
/// `recipient` is the credential's.
CredentialStatus status(const Token& token, const Recipient& recipient, core::Time now);
CredentialStatus status(const Certificate& certificate, const Recipient& recipient, core::Time now);
std::string_view name(CredentialStatus status);
/// Which part of the staff list is wanted.
struct RecipientFilter {
  std::optional<core::Time> since{};  ///< created then or later
  std::optional<core::Time> until{};  ///< created before
  ListOrder order = ListOrder::oldest_first;
  RecipientId after{};  ///< what the list goes on behind; empty: from its beginning
  int limit = 100;      ///< 1 to kMostListed
};

/// The durable home of recipients and their credentials. Any thread may call any method. A
/// database failure throws db::Error; "no such recipient" is a value.
class RecipientStore {
 public:
  /// The database is ShareStore's too; both keep a connection of their own. Throws MaskKeyError
  /// where the database is to get a mask.key and cannot.
  explicit RecipientStore(const SharingPlace& place);

  /// What a call has made that may have come before.
  std::optional<Creation> find_creation(const CreationKey& key) const;

  /// On return the recipient is on disk. False, and no recipient, if `creation` has made something
  /// before.
  bool insert(const Recipient& recipient,
              const std::optional<CreationKey>& creation = std::nullopt);
  std::optional<Recipient> find(const RecipientId& id) const;
  std::vector<Recipient> list(const RecipientFilter& filter) const;
  /// False if unknown or already disabled. All its shares and credentials are suspended with it.
  bool disable(const RecipientId& id, core::Time now);
  /// False if unknown or not disabled.
  bool enable(const RecipientId& id);
  /// Gives the recipient of this id the name, organisation, mail address, language and networks of
  /// `recipient`, all or none. False if unknown.
  bool change(const Recipient& recipient);
  /// Adds a network to the allowed ones. False if the recipient is unknown or has it already.
  bool add_network(const RecipientId& id, const core::Network& network);
  /// False if the recipient has it not, or no other one.
  bool remove_network(const RecipientId& id, const core::Network& network);
  /// Those of all recipients that are not disabled, each once.
  std::vector<core::Network> networks_in_use() const;

  /// `nullopt` if the recipient is unknown, or if `creation` has made something before. `token`
  /// lets a caller put the id on record before.
  std::optional<NewToken> add_token(const RecipientId& id, std::string_view name,
                                    core::Time expires_at, core::Time now,
                                    const TokenId& token = TokenId::random(),
                                    const std::optional<CreationKey>& creation = std::nullopt);
  std::vector<Token> tokens(const RecipientId& id) const;
  bool revoke_token(const TokenId& id, core::Time now);
  /// The token with this text, expired and revoked ones included: the caller decides.
  std::optional<Token> find_token(std::string_view text) const;
  /// The same by bearer_hash() of it.
  std::optional<Token> find_token(const core::Sha256& hash) const;

  enum class Enrolment {
    done,
    unknown_recipient,
    already_enrolled,
    made_before  ///< by the same key of its creation
  };
  /// A certificate belongs to one recipient.
  Enrolment add_certificate(const Certificate& certificate,
                            const std::optional<CreationKey>& creation = std::nullopt);
  std::vector<Certificate> certificates(const RecipientId& id) const;
  std::optional<Certificate> find_certificate(const core::Sha256& sha256) const;
  bool remove_certificate(const CertificateId& id);

 private:
  void forget_what_changed() const SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable Statements statements_ SEKISHO_GUARDED_BY(mutex_);
  mutable ChangeWatch changes_ SEKISHO_GUARDED_BY(mutex_);
  /// What find(), find_token() and find_certificate() found, while nothing changes.
  mutable std::unordered_map<RecipientId, Recipient> found_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::map<core::Sha256, Token> found_tokens_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::map<core::Sha256, Certificate> found_certificates_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::sharing
