// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/sqlite_recipient_store.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sharing/bearer.h"
#include "sharing/look_alike.h"
#include "sharing/sqlite/certificate_rules.h"
#include "sharing/sqlite/creations.h"
#include "sharing/sqlite/directory.h"
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
  recipient.kana = rows.text(2);
  recipient.organisation = rows.text(3);
  recipient.department = rows.text(4);
  recipient.place = rows.text(5);
  recipient.telephone = rows.text(6);
  recipient.email = rows.text(7);
  recipient.language = rows.text(8);
  recipient.created_at = rows.time(9);
  recipient.disabled_at = rows.optional_time(10);
  return recipient;
}

/// What read_recipient() reads.
constexpr std::string_view kColumns =
    "SELECT id, name, kana, organisation, department, place, telephone, email, language,"
    " created_at, disabled_at FROM ";

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

std::vector<Recipient> read_recipients(Statements& statements, Rows& rows) {
  std::vector<Recipient> recipients;
  while (rows.next()) {
    recipients.push_back(read_recipient(rows));
    recipients.back().networks = read_networks(statements, recipients.back().id);
  }
  return recipients;
}

/// Ids with a blank between them; NULL of a token that opens all shares.
std::optional<std::string> write_shares(const TokenScope& scope) {
  if (!scope.shares) return std::nullopt;
  std::string list;
  for (const ShareId& share : *scope.shares) list += (list.empty() ? "" : " ") + share.text();
  return list;
}

std::vector<ShareId> parsed_shares(std::string_view list) {
  std::vector<ShareId> shares;
  while (!list.empty()) {
    const std::string_view one = list.substr(0, list.find(' '));
    const auto share = ShareId::parse(one);
    if (!share) throw core::db::Error("sharing.db holds a token for what is no share");
    shares.push_back(*share);
    list.remove_prefix(std::min(one.size() + 1, list.size()));
  }
  return shares;
}

/// What every reading of a token begins with; the columns stand in the order of read_token().
constexpr std::string_view kSelectTokens =
    "SELECT id, recipient, name, created_at, expires_at, revoked_at, may_view, may_download,"
    " may_return, may_return_documents, shares FROM token WHERE ";

Token read_token(const Rows& rows) {
  Token token;
  token.id = read_id<TokenId>(rows, 0);
  token.recipient = read_id<RecipientId>(rows, 1);
  token.name = rows.text(2);
  token.created_at = rows.time(3);
  token.expires_at = rows.time(4);
  token.revoked_at = rows.optional_time(5);
  token.scope.permissions = {rows.integer(6) != 0, rows.integer(7) != 0, rows.integer(8) != 0,
                             rows.integer(9) != 0};
  if (!rows.is_null(10)) token.scope.shares = parsed_shares(rows.text(10));
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

std::optional<std::int64_t> find_seq(Statements& statements, const RecipientId& id) {
  Rows rows(statements["SELECT seq FROM recipient WHERE id = ?1"], id);
  if (!rows.next()) return std::nullopt;
  return rows.integer(0);
}

/// In a transaction.
void insert_rows(Statements& statements, const Recipient& recipient) {
  assert(!recipient.networks.empty());
  Rows(statements["INSERT INTO recipient (id, name, kana, organisation, department, place,"
                  " telephone, email, language, created_at, disabled_at)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"],
       recipient.id, recipient.name, recipient.kana, recipient.organisation, recipient.department,
       recipient.place, recipient.telephone, recipient.email, recipient.language,
       recipient.created_at, recipient.disabled_at)
      .execute();
  for (const core::Network& network : recipient.networks) {
    write_network(statements, recipient.id, network);
  }
  write_entry(statements, find_seq(statements, recipient.id).value(), recipient);
}

/// In a transaction. False, and nothing done, if unknown.
bool change_rows(Statements& statements, const Recipient& recipient) {
  assert(!recipient.networks.empty());
  const auto seq = find_seq(statements, recipient.id);
  if (!seq) return false;
  Rows(statements["UPDATE recipient SET name = ?2, kana = ?3, organisation = ?4, department = ?5,"
                  " place = ?6, telephone = ?7, email = ?8, language = ?9 WHERE seq = ?1"],
       *seq, recipient.name, recipient.kana, recipient.organisation, recipient.department,
       recipient.place, recipient.telephone, recipient.email, recipient.language)
      .execute();
  Rows(statements["DELETE FROM recipient_network WHERE recipient = ?1"], recipient.id).execute();
  for (const core::Network& network : recipient.networks) {
    write_network(statements, recipient.id, network);
  }
  remove_entry(statements, *seq);
  write_entry(statements, *seq, recipient);
  return true;
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
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!write_creation(statements_, creation, recipient.id.text())) return false;
  insert_rows(statements_, recipient);
  transaction.commit();
  return true;
}

void SqliteRecipientStore::forget_what_changed() const {
  const bool is_full =
      found_.size() + found_tokens_.size() + found_certificates_.size() + found_rules_.size() >=
      kFoundInMemory;
  const std::uint64_t version = changes_.version();
  const bool has_changed = std::exchange(known_version_, version) != version;
  if (!has_changed && !is_full) return;
  found_.clear();
  found_tokens_.clear();
  found_certificates_.clear();
  found_rules_.clear();
}

std::uint64_t SqliteRecipientStore::version() const {
  const core::MutexLock lock(mutex_);
  return changes_.version();
}

std::optional<Recipient> SqliteRecipientStore::find(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  if (const auto known = found_.find(id); known != found_.end()) return known->second;
  Rows rows(statements_[std::string(kColumns) + "recipient WHERE id = ?1"], id);
  if (!rows.next()) return std::nullopt;
  Recipient recipient = read_recipient(rows);
  recipient.networks = read_networks(statements_, id);
  return found_.emplace(id, std::move(recipient)).first->second;
}

std::vector<Recipient> SqliteRecipientStore::list(const RecipientFilter& filter) const {
  const std::string found = search_expression(filter.search);
  if (found.empty() && !filter.search.empty()) return {};
  const bool is_newest_first = filter.order == ListOrder::newest_first;
  // Both tables have their rows in the order of seq, and are read no further than the page goes.
  std::string sql(kColumns);
  sql += found.empty() ? "recipient WHERE TRUE"
                       : "directory_pairs CROSS JOIN recipient ON seq = directory_pairs.rowid"
                         " WHERE directory_pairs MATCH ?1";
  const std::string seq = found.empty() ? "seq" : "directory_pairs.rowid";
  if (!filter.after.empty()) {
    sql += " AND " + seq + (is_newest_first ? " < " : " > ");
    sql += "(SELECT seq FROM recipient WHERE id = ?2)";
  }
  sql +=
      " AND (?3 IS NULL OR created_at >= ?3)"
      " AND (?4 IS NULL OR created_at < ?4) AND (?5 IS NULL OR (disabled_at IS NOT NULL) = ?5)"
      " ORDER BY " +
      seq + (is_newest_first ? " DESC" : "") + " LIMIT ?6";
  std::optional<std::int64_t> is_disabled;
  if (filter.status) is_disabled = *filter.status == RecipientStatus::disabled ? 1 : 0;
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[sql], found, filter.after, filter.since, filter.until, is_disabled,
            std::clamp(filter.limit, 1, kMostListed));
  return read_recipients(statements_, rows);
}

std::vector<Recipient> SqliteRecipientStore::look_alikes(const Recipient& recipient) const {
  const Likeness likeness = likeness_of(recipient);
  std::vector<Recipient> recipients;
  const core::MutexLock lock(mutex_);
  for (const std::int64_t seq : find_alike(statements_, likeness)) {
    Rows rows(statements_[std::string(kColumns) + "recipient WHERE seq = ?1"], seq);
    for (Recipient& alike : read_recipients(statements_, rows)) {
      if (alike.id != recipient.id) recipients.push_back(std::move(alike));
    }
    if (recipients.size() == kMostLookAlikes) break;
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

bool SqliteRecipientStore::change(const Recipient& recipient) { return write_all({}, {recipient}); }

bool SqliteRecipientStore::write_all(const std::vector<Recipient>& made,
                                     const std::vector<Recipient>& changed) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  for (const Recipient& recipient : made) insert_rows(statements_, recipient);
  for (const Recipient& recipient : changed) {
    if (!change_rows(statements_, recipient)) return false;
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
      statements_["SELECT DISTINCT network FROM recipient_network WHERE recipient NOT IN"
                  " (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)"]);
  return parsed_networks(rows);
}

std::optional<NewToken> SqliteRecipientStore::add_token(
    const Token& token, const std::optional<CreationKey>& creation) {
  assert(!token.revoked_at);
  NewBearer bearer = new_bearer(BearerKind::token);
  const Permissions& may = token.scope.permissions;
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!write_creation(statements_, creation, token.id.text())) return std::nullopt;
  const int inserted =
      Rows(statements_["INSERT INTO token (id, recipient, name, hash, created_at, expires_at,"
                       " may_view, may_download, may_return, may_return_documents, shares)"
                       " SELECT ?2, id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11"
                       " FROM recipient WHERE id = ?1"],
           token.recipient, token.id, token.name, bearer.hash, token.created_at, token.expires_at,
           std::int64_t{may.view}, std::int64_t{may.download}, std::int64_t{may.give_back},
           std::int64_t{may.give_back_documents}, write_shares(token.scope))
          .execute();
  if (inserted == 0) return std::nullopt;
  transaction.commit();
  return NewToken{token, std::move(bearer.text)};
}

std::vector<Token> SqliteRecipientStore::tokens(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelectTokens) + "recipient = ?1 ORDER BY seq"], id);
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
  Rows rows(statements_[std::string(kSelectTokens) + "hash = ?1"], hash);
  if (!rows.next()) return std::nullopt;
  return found_tokens_.emplace(hash, read_token(rows)).first->second;
}

SqliteRecipientStore::Enrolment SqliteRecipientStore::add_certificate(
    const Certificate& certificate, const std::optional<CreationKey>& creation) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!find_seq(statements_, certificate.recipient)) return Enrolment::unknown_recipient;
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

SqliteRecipientStore::Enrolment SqliteRecipientStore::add_certificate_rule(
    const CertificateRule& rule, const std::optional<CreationKey>& creation) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!find_seq(statements_, rule.recipient)) return Enrolment::unknown_recipient;
  if (!write_creation(statements_, creation, rule.id.text())) return Enrolment::made_before;
  if (!write_rule(statements_, rule)) return Enrolment::already_enrolled;
  transaction.commit();
  return Enrolment::done;
}

std::vector<CertificateRule> SqliteRecipientStore::certificate_rules(const RecipientId& id) const {
  const core::MutexLock lock(mutex_);
  return rules_of(statements_, id);
}

std::vector<CertificateRule> SqliteRecipientStore::find_certificate_rules(
    const core::Sha256& name) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  const auto known = found_rules_.find(name);
  if (known != found_rules_.end()) return known->second;
  return found_rules_.emplace(name, rules_for(statements_, name)).first->second;
}

bool SqliteRecipientStore::remove_certificate_rule(const CertificateRuleId& id) {
  const core::MutexLock lock(mutex_);
  return remove_rule(statements_, id);
}

}  // namespace sekisho::sharing
