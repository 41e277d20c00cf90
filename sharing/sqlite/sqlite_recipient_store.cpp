// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/sqlite_recipient_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sharing/bearer.h"
#include "sharing/sqlite/creations.h"
#include "sharing/sqlite/schema.h"

namespace sekisho::sharing {
namespace {

constexpr std::size_t kFoundInMemory = 1024;

using core::db::Transaction;

constexpr auto kImmediate = SQLite::TransactionBehavior::IMMEDIATE;

Recipient read_recipient(const Rows& rows) {
  Recipient recipient;
  recipient.id = read_id<RecipientId>(rows, 0);
  recipient.name = rows.text(1);
  recipient.organisation = rows.text(2);
  recipient.email = rows.text(3);
  recipient.language = rows.text(4);
  recipient.created_at = rows.time(5);
  recipient.disabled_at = rows.optional_time(6);
  return recipient;
}

std::vector<core::Network> parsed_networks(Rows& rows) {
  std::vector<core::Network> networks;
  while (rows.next()) {
    auto network = core::Network::parse(rows.text(0));
    if (!network) throw core::db::Error("sharing.db holds a network that cannot be read");
    networks.push_back(std::move(*network));
  }
  return networks;
}

std::vector<core::Network> read_networks(Statements& statements, const RecipientId& id) {
  Rows rows(statements["SELECT network FROM recipient_network WHERE recipient = ?1 ORDER BY seq"],
            id);
  return parsed_networks(rows);
}

void write_network(Statements& statements, const RecipientId& id, const core::Network& network) {
  Rows(statements["INSERT INTO recipient_network (recipient, network) VALUES (?1, ?2)"], id,
       network.text())
      .execute();
}

Token read_token(const Rows& rows) {
  Token token;
  token.id = read_id<TokenId>(rows, 0);
  token.recipient = read_id<RecipientId>(rows, 1);
  token.name = rows.text(2);
  token.created_at = rows.time(3);
  token.expires_at = rows.time(4);
  token.revoked_at = rows.optional_time(5);
  return token;
}

Certificate read_certificate(const Rows& rows) {
  Certificate certificate;
  certificate.id = read_id<CertificateId>(rows, 0);
  certificate.recipient = read_id<RecipientId>(rows, 1);
  certificate.sha256 = read_sha256(rows, 2);
  certificate.subject = rows.text(3);
  certificate.not_after = rows.time(4);
  certificate.created_at = rows.time(5);
  return certificate;
}

bool exists(Statements& statements, const RecipientId& id) {
  return Rows(statements["SELECT 1 FROM recipient WHERE id = ?1"], id).next();
}

}  // namespace

SqliteRecipientStore::SqliteRecipientStore(const SharingPlace& place)
    : db_(open_database(place)), statements_(db_), changes_(db_) {}

std::optional<Creation> SqliteRecipientStore::find_creation(const CreationKey& key) const {
  const core::MutexLock lock(mutex_);
  return sharing::find_creation(statements_, key);
}

bool SqliteRecipientStore::insert(const Recipient& recipient,
                                  const std::optional<CreationKey>& creation) {
  assert(!recipient.networks.empty());
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!write_creation(statements_, creation, recipient.id.text())) return false;
  Rows(statements_["INSERT INTO recipient (id, name, organisation, email, language, created_at,"
                   " disabled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"],
       recipient.id, recipient.name, recipient.organisation, recipient.email, recipient.language,
       recipient.created_at, recipient.disabled_at)
      .execute();
  for (const core::Network& network : recipient.networks) {
    write_network(statements_, recipient.id, network);
  }
  transaction.commit();
  return true;
}

void SqliteRecipientStore::forget_what_changed() const {
  const bool is_full =
      found_.size() + found_tokens_.size() + found_certificates_.size() >= kFoundInMemory;
  const std::uint64_t version = changes_.version();
  const bool has_changed = std::exchange(known_version_, version) != version;
  if (!has_changed && !is_full) return;
  found_.clear();
  found_tokens_.clear();
  found_certificates_.clear();
}

std::uint64_t SqliteRecipientStore::version() const {
  const core::MutexLock lock(mutex_);
  return changes_.version();
}

std::optional<Recipient> SqliteRecipientStore::find(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  if (const auto known = found_.find(id); known != found_.end()) return known->second;
  Rows rows(statements_["SELECT id, name, organisation, email, language, created_at, disabled_at"
                        " FROM recipient WHERE id = ?1"],
            id);
  if (!rows.next()) return std::nullopt;
  Recipient recipient = read_recipient(rows);
  recipient.networks = read_networks(statements_, id);
  return found_.emplace(id, std::move(recipient)).first->second;
}

std::vector<Recipient> SqliteRecipientStore::list(const RecipientFilter& filter) const {
  std::string sql =
      "SELECT id, name, organisation, email, language, created_at, disabled_at FROM recipient"
      " WHERE (?2 IS NULL OR created_at >= ?2) AND (?3 IS NULL OR created_at < ?3)";
  sql += filter.order == ListOrder::newest_first
             ? " AND (?1 = '' OR seq < (SELECT seq FROM recipient WHERE id = ?1))"
               " ORDER BY seq DESC LIMIT ?4"
             : " AND (?1 = '' OR seq > (SELECT seq FROM recipient WHERE id = ?1))"
               " ORDER BY seq LIMIT ?4";
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[sql], filter.after, filter.since, filter.until,
            std::clamp(filter.limit, 1, kMostListed));
  std::vector<Recipient> recipients;
  while (rows.next()) {
    recipients.push_back(read_recipient(rows));
    recipients.back().networks = read_networks(statements_, recipients.back().id);
  }
  return recipients;
}

bool SqliteRecipientStore::disable(const RecipientId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE recipient SET disabled_at = ?2"
                          " WHERE id = ?1 AND disabled_at IS NULL"],
              id, now)
             .execute() == 1;
}

bool SqliteRecipientStore::enable(const RecipientId& id) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE recipient SET disabled_at = NULL"
                          " WHERE id = ?1 AND disabled_at IS NOT NULL"],
              id)
             .execute() == 1;
}

bool SqliteRecipientStore::change(const Recipient& recipient) {
  assert(!recipient.networks.empty());
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  const int changed = Rows(statements_["UPDATE recipient SET name = ?2, organisation = ?3,"
                                       " email = ?4, language = ?5 WHERE id = ?1"],
                           recipient.id, recipient.name, recipient.organisation, recipient.email,
                           recipient.language)
                          .execute();
  if (changed == 0) return false;
  Rows(statements_["DELETE FROM recipient_network WHERE recipient = ?1"], recipient.id).execute();
  for (const core::Network& network : recipient.networks) {
    write_network(statements_, recipient.id, network);
  }
  transaction.commit();
  return true;
}

bool SqliteRecipientStore::remove_network(const RecipientId& id, const core::Network& network) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM recipient_network WHERE recipient = ?1 AND network = ?2"
                          " AND (SELECT count(*) FROM recipient_network WHERE recipient = ?1) > 1"],
              id, network.text())
             .execute() == 1;
}

bool SqliteRecipientStore::add_network(const RecipientId& id, const core::Network& network) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO recipient_network (recipient, network)"
                          " SELECT id, ?2 FROM recipient WHERE id = ?1"
                          " ON CONFLICT (recipient, network) DO NOTHING"],
              id, network.text())
             .execute() == 1;
}

std::vector<core::Network> SqliteRecipientStore::networks_in_use() const {
  const core::MutexLock lock(mutex_);
  Rows rows(
      statements_["SELECT DISTINCT network FROM recipient_network"
                  " JOIN recipient ON recipient.id = recipient_network.recipient"
                  " WHERE disabled_at IS NULL"]);
  return parsed_networks(rows);
}

std::optional<NewToken> SqliteRecipientStore::add_token(
    const RecipientId& id, std::string_view name, core::Time expires_at, core::Time now,
    const TokenId& token, const std::optional<CreationKey>& creation) {
  NewBearer bearer = new_bearer(BearerKind::token);
  NewToken made{Token{token, id, std::string(name), now, expires_at, std::nullopt},
                std::move(bearer.text)};
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!write_creation(statements_, creation, token.text())) return std::nullopt;
  const int inserted =
      Rows(statements_["INSERT INTO token (id, recipient, name, hash, created_at, expires_at)"
                       " SELECT ?2, id, ?3, ?4, ?5, ?6 FROM recipient WHERE id = ?1"],
           id, token, name, bearer.hash, now, expires_at)
          .execute();
  if (inserted == 0) return std::nullopt;
  transaction.commit();
  return made;
}

std::vector<Token> SqliteRecipientStore::tokens(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT id, recipient, name, created_at, expires_at, revoked_at"
                        " FROM token WHERE recipient = ?1 ORDER BY seq"],
            id);
  std::vector<Token> tokens;
  while (rows.next()) tokens.push_back(read_token(rows));
  return tokens;
}

bool SqliteRecipientStore::revoke_token(const TokenId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE token SET revoked_at = ?2"
                          " WHERE id = ?1 AND revoked_at IS NULL"],
              id, now)
             .execute() == 1;
}

std::optional<Token> SqliteRecipientStore::find_token(const core::Sha256& hash) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  if (const auto known = found_tokens_.find(hash); known != found_tokens_.end()) {
    return known->second;
  }
  Rows rows(statements_["SELECT id, recipient, name, created_at, expires_at, revoked_at"
                        " FROM token WHERE hash = ?1"],
            hash);
  if (!rows.next()) return std::nullopt;
  return found_tokens_.emplace(hash, read_token(rows)).first->second;
}

SqliteRecipientStore::Enrolment SqliteRecipientStore::add_certificate(
    const Certificate& certificate, const std::optional<CreationKey>& creation) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!exists(statements_, certificate.recipient)) return Enrolment::unknown_recipient;
  if (!write_creation(statements_, creation, certificate.id.text())) return Enrolment::made_before;
  const int inserted =
      Rows(statements_["INSERT INTO certificate (id, recipient, sha256, subject, not_after,"
                       " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                       " ON CONFLICT (sha256) DO NOTHING"],
           certificate.id, certificate.recipient, certificate.sha256, certificate.subject,
           certificate.not_after, certificate.created_at)
          .execute();
  if (inserted == 0) return Enrolment::already_enrolled;
  transaction.commit();
  return Enrolment::done;
}

std::vector<Certificate> SqliteRecipientStore::certificates(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT id, recipient, sha256, subject, not_after, created_at"
                        " FROM certificate WHERE recipient = ?1 ORDER BY seq"],
            id);
  std::vector<Certificate> certificates;
  while (rows.next()) certificates.push_back(read_certificate(rows));
  return certificates;
}

std::optional<Certificate> SqliteRecipientStore::find_certificate(
    const core::Sha256& sha256) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  const auto known = found_certificates_.find(sha256);
  if (known != found_certificates_.end()) return known->second;
  Rows rows(statements_["SELECT id, recipient, sha256, subject, not_after, created_at"
                        " FROM certificate WHERE sha256 = ?1"],
            sha256);
  if (!rows.next()) return std::nullopt;
  return found_certificates_.emplace(sha256, read_certificate(rows)).first->second;
}

bool SqliteRecipientStore::remove_certificate(const CertificateId& id) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["DELETE FROM certificate WHERE id = ?1"], id).execute() == 1;
}

}  // namespace sekisho::sharing
