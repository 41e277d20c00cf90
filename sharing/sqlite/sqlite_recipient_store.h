// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/database.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "sharing/place.h"
#include "sharing/recipient_store.h"
#include "sharing/sqlite/change_watch.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

/// Recipients in sharing.db (docs/formats/sharing.md), over a connection of its own.
class SqliteRecipientStore : public RecipientStore {
 public:
  /// Throws MaskKeyError where the database is to get a mask.key and cannot, and db::Error.
  explicit SqliteRecipientStore(const SharingPlace& place);

  std::chrono::milliseconds staleness() const override { return ChangeWatch::kStaleness; }
  std::uint64_t version() const override;

  std::optional<Creation> find_creation(const CreationKey& key) const override;
  bool insert(const Recipient& recipient, const std::optional<CreationKey>& creation) override;
  std::optional<Recipient> find(const RecipientId& id) const override;
  std::vector<Recipient> list(const RecipientFilter& filter) const override;
  std::vector<Recipient> look_alikes(const Recipient& recipient) const override;
  bool disable(const RecipientId& id, core::Time now) override;
  bool enable(const RecipientId& id) override;
  bool change(const Recipient& recipient) override;
  bool write_all(const std::vector<Recipient>& made,
                 const std::vector<Recipient>& changed) override;
  bool add_network(const RecipientId& id, const core::Network& network) override;
  bool remove_network(const RecipientId& id, const core::Network& network) override;
  std::vector<core::Network> networks_in_use() const override;
  std::optional<NewToken> add_token(const Token& token,
                                    const std::optional<CreationKey>& creation) override;
  std::vector<Token> tokens(const RecipientId& id) const override;
  bool revoke_token(const TokenId& id, core::Time now) override;
  std::optional<Token> find_token(const core::Sha256& hash) const override;
  Enrolment add_certificate(const Certificate& certificate,
                            const std::optional<CreationKey>& creation) override;
  std::vector<Certificate> certificates(const RecipientId& id) const override;
  std::optional<Certificate> find_certificate(const core::Sha256& sha256) const override;
  bool remove_certificate(const CertificateId& id) override;
  Enrolment add_certificate_rule(const CertificateRule& rule,
                                 const std::optional<CreationKey>& creation) override;
  std::vector<CertificateRule> certificate_rules(const RecipientId& id) const override;
  std::vector<CertificateRule> find_certificate_rules(const core::Sha256& name) const override;
  bool remove_certificate_rule(const CertificateRuleId& id) override;
  using RecipientStore::add_certificate;
  using RecipientStore::add_certificate_rule;
  using RecipientStore::add_token;
  using RecipientStore::find_token;
  using RecipientStore::insert;

 private:
  void forget_what_changed() const SEKISHO_REQUIRES(mutex_);

  mutable core::Mutex mutex_;
  mutable core::db::Database db_ SEKISHO_GUARDED_BY(mutex_);
  mutable Statements statements_ SEKISHO_GUARDED_BY(mutex_);
  mutable ChangeWatch changes_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::uint64_t known_version_ SEKISHO_GUARDED_BY(mutex_) = 0;  ///< of what is kept
  /// What find() and its like found, while nothing changes; no rule is found by many names.
  mutable std::unordered_map<RecipientId, Recipient> found_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::map<core::Sha256, Token> found_tokens_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::map<core::Sha256, Certificate> found_certificates_ SEKISHO_GUARDED_BY(mutex_);
  mutable std::map<core::Sha256, std::vector<CertificateRule>> found_rules_
      SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::sharing
