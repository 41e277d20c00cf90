// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/sqlite_consent_store.h"

#include <algorithm>
#include <array>
#include <string>

#include "sharing/sqlite/creations.h"
#include "sharing/sqlite/schema.h"

namespace sekisho::sharing {
namespace {

using core::db::Transaction;

constexpr auto kImmediate = SQLite::TransactionBehavior::IMMEDIATE;

/// What every reading of a consent begins with; the columns stand in the order of read_consent().
constexpr std::string_view kSelect =
    "SELECT id, patient_id, purpose, valid_from, valid_until, obtained_by, reference, created_at,"
    " created_by, withdrawn_at, withdrawn_by, withdraw_reason FROM consent ";

/// In the order of ConsentStatus; ?2 is the present. The SQL of status().
constexpr std::array<std::string_view, 4> kStatusCondition = {
    " AND withdrawn_at IS NULL AND valid_from > ?2 AND valid_until > ?2",
    " AND withdrawn_at IS NULL AND valid_from <= ?2 AND valid_until > ?2",
    " AND withdrawn_at IS NULL AND valid_until <= ?2",
    " AND withdrawn_at IS NOT NULL",
};

Consent read_consent(const Rows& rows) {
  Consent consent;
  consent.id = read_id<ConsentId>(rows, 0);
  consent.patient_id = rows.text(1);
  consent.purpose = rows.text(2);
  consent.valid_from = rows.time(3);
  consent.valid_until = rows.time(4);
  consent.obtained_by = rows.text(5);
  consent.reference = rows.text(6);
  consent.created_at = rows.time(7);
  consent.created_by = rows.text(8);
  consent.withdrawn_at = rows.optional_time(9);
  consent.withdrawn_by = rows.text(10);
  consent.withdraw_reason = rows.text(11);
  return consent;
}

std::optional<Consent> read_one_consent(Rows& rows) {
  if (!rows.next()) return std::nullopt;
  return read_consent(rows);
}

std::vector<ShareId> read_share_ids(Rows& rows) {
  std::vector<ShareId> ids;
  while (rows.next()) ids.push_back(read_id<ShareId>(rows, 0));
  return ids;
}

}  // namespace

SqliteConsentStore::SqliteConsentStore(const SharingPlace& place)
    : db_(open_database(place)), statements_(db_) {}

bool SqliteConsentStore::insert(const Consent& consent,
                                const std::optional<CreationKey>& creation) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (!write_creation(statements_, creation, consent.id.text())) return false;
  Rows(statements_["INSERT INTO consent (id, patient_id, purpose, valid_from, valid_until,"
                   " obtained_by, reference, created_at, created_by)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"],
       consent.id, consent.patient_id, consent.purpose, consent.valid_from, consent.valid_until,
       consent.obtained_by, consent.reference, consent.created_at, consent.created_by)
      .execute();
  transaction.commit();
  return true;
}

std::optional<Consent> SqliteConsentStore::find(const ConsentId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelect) + "WHERE id = ?1"], id);
  return read_one_consent(rows);
}

std::vector<Consent> SqliteConsentStore::list(const ConsentFilter& filter, core::Time now) const {
  std::string sql = std::string(kSelect) + "WHERE TRUE";
  if (filter.patient_id) sql += " AND patient_id = ?1";
  if (filter.status) sql += kStatusCondition.at(static_cast<std::size_t>(*filter.status));
  const bool newest_first = filter.order == ListOrder::newest_first;
  if (!filter.after.empty()) {
    sql += newest_first ? " AND seq < (SELECT seq FROM consent WHERE id = ?3)"
                        : " AND seq > (SELECT seq FROM consent WHERE id = ?3)";
  }
  sql += " AND (?4 IS NULL OR created_at >= ?4) AND (?5 IS NULL OR created_at < ?5)";
  sql += newest_first ? " ORDER BY seq DESC LIMIT ?6" : " ORDER BY seq LIMIT ?6";
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[sql], filter.patient_id, now, filter.after, filter.since, filter.until,
            std::clamp(filter.limit, 1, kMostListed));
  std::vector<Consent> consents;
  while (rows.next()) consents.push_back(read_consent(rows));
  return consents;
}

std::optional<Consent> SqliteConsentStore::longest(std::string_view patient_id,
                                                   std::string_view purpose,
                                                   core::Time when) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[std::string(kSelect) +
                        "WHERE patient_id = ?1 AND purpose = ?2 AND withdrawn_at IS NULL"
                        " AND valid_from <= ?3 AND valid_until > ?3"
                        " ORDER BY valid_until DESC, seq LIMIT 1"],
            patient_id, purpose, when);
  return read_one_consent(rows);
}

std::vector<ShareId> SqliteConsentStore::ended_without(const ConsentId& id, core::Time now) const {
  const core::MutexLock lock(mutex_);
  return leaning(id, now);
}

std::vector<ShareId> SqliteConsentStore::leaning(const ConsentId& id, core::Time now) const {
  Rows rows(statements_["SELECT share.id FROM present_share AS share, consent AS ending"
                        " WHERE ending.id = ?1 AND revoked_at IS NULL"
                        " AND key_destroyed_at IS NULL AND ends_at > ?2"
                        " AND share.id IN (SELECT share FROM share_object"
                        " WHERE patient_id = ending.patient_id)"
                        " AND NOT EXISTS (SELECT 1 FROM consent AS other"
                        " WHERE other.patient_id = ending.patient_id AND other.id <> ending.id"
                        " AND other.purpose = share.purpose AND other.withdrawn_at IS NULL"
                        " AND other.valid_from <= max(share.not_before, ?2)"
                        " AND other.valid_until >= share.ends_at) ORDER BY share.seq"],
            id, now);
  return read_share_ids(rows);
}

SqliteConsentStore::Withdrawal SqliteConsentStore::withdraw(const ConsentId& id, const Act& act,
                                                            const std::vector<ShareId>& shares) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, kImmediate);
  if (Rows(statements_["UPDATE consent SET withdrawn_at = ?2, withdrawn_by = ?3,"
                       " withdraw_reason = ?4 WHERE id = ?1 AND withdrawn_at IS NULL"],
           id, act.at, act.by, act.reason)
          .execute() == 0) {
    return Withdrawal::withdrawn_before;
  }
  const bool ends_more = std::ranges::any_of(leaning(id, act.at), [&](const ShareId& share) {
    return std::ranges::find(shares, share) == shares.end();
  });
  if (ends_more) return Withdrawal::ends_more;
  for (const ShareId& share : shares) {
    const int revoked = Rows(statements_["UPDATE share SET revoked_at = ?2, revoke_reason = ?3"
                                         " WHERE id = ?1 AND revoked_at IS NULL"],
                             share, act.at, act.reason)
                            .execute();
    if (revoked == 0) continue;  // by somebody else meanwhile
    Rows(statements_["INSERT INTO ended_share (consent, share) VALUES (?1, ?2)"], id, share)
        .execute();
  }
  transaction.commit();
  return Withdrawal::done;
}

std::vector<ShareId> SqliteConsentStore::ended_shares(const ConsentId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(
      statements_
          ["SELECT ended_share.share FROM ended_share JOIN share ON share.id = ended_share.share"
           " WHERE consent = ?1 ORDER BY share.seq"],
      id);
  return read_share_ids(rows);
}

}  // namespace sekisho::sharing
