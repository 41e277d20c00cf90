// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/sqlite_share_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sharing/sqlite/consents.h"
#include "sharing/sqlite/creations.h"
#include "sharing/sqlite/schema.h"
#include "sharing/sqlite/share_rows.h"

namespace sekisho::sharing {
namespace {

using core::db::Transaction;

constexpr std::size_t kSharesInMemory = 256;
constexpr std::size_t kMostShares = 32'768;    // of recipients, about a kilobyte each
constexpr std::size_t kMostLiveness = 16'384;  // two times and a few keys each

/// What is not over; ?3 is the present.
constexpr std::string_view kNotOver =
    " AND revoked_at IS NULL AND key_destroyed_at IS NULL AND ends_at > ?3";

/// In the order of ShareStatus. The SQL of status(), of what is not over behind kNotOver.
constexpr std::array<std::string_view, 6> kStatusCondition = {
    " AND needs_approval = 1 AND approved_at IS NULL"
    " AND recipient NOT IN (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)",
    " AND (needs_approval = 0 OR approved_at IS NOT NULL) AND not_before > ?3"
    " AND recipient NOT IN (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)",
    " AND (needs_approval = 0 OR approved_at IS NOT NULL) AND not_before <= ?3"
    " AND recipient NOT IN (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)",
    " AND recipient IN (SELECT id FROM recipient WHERE disabled_at IS NOT NULL)",
    " AND revoked_at IS NULL AND (key_destroyed_at IS NOT NULL OR ends_at <= ?3)",
    " AND revoked_at IS NOT NULL",
};

/// In the order of ShareStatus: what an index finds for it, where shares of the status may be
/// few. kStatusCondition decides.
constexpr std::array<std::string_view, 6> kStatusPlace = {
    " AND seq IN (SELECT seq FROM share WHERE needs_approval = 1 AND approved_at IS NULL)",
    " AND seq IN (SELECT seq FROM share WHERE not_before > ?3)",
    "",
    " AND seq IN (SELECT seq FROM share WHERE recipient IN"
    " (SELECT id FROM recipient WHERE disabled_at IS NOT NULL))",
    "",
    "",
};

/// Of a list of anybody's shares of anything: where the page is, so that it is not looked for in
/// all of them.
std::string place_of_page(const ShareFilter& filter) {
  if (filter.recipient || filter.person || filter.patient_id || filter.study) return {};
  std::string sql;
  if (filter.status) sql += kStatusPlace.at(static_cast<std::size_t>(*filter.status));
  if (filter.since) sql += " AND seq >= (SELECT min(seq) FROM share WHERE created_at >= ?6)";
  if (filter.until) sql += " AND seq <= (SELECT max(seq) FROM share WHERE created_at < ?7)";
  return sql;
}

}  // namespace

SqliteShareStore::SqliteShareStore(const SharingPlace& place)
    : db_(open_database(place)), statements_(db_), keys_(db_, statements_, place), changes_(db_) {}

bool SqliteShareStore::insert(const Share& share, const core::Secret& mask_key,
                              const std::optional<CreationKey>& creation, ConsentRule consents) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  if (!write_creation(statements_, creation, share.id.text())) return false;
  const std::int64_t profile = Profiles::write(statements_, share.profile_json);
  write_scope(statements_, share);
  Rows(statements_["INSERT INTO share (id, recipient, level, profile_name, profile,"
                   " may_view, may_download, may_return, may_return_documents, assurance,"
                   " not_before, expires_at,"
                   " max_sessions, purpose, intended_use, link_hash, created_at, created_by,"
                   " person, needs_approval, marks_pictures)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                   " ?16, ?17, ?18, ?19, ?20, ?21)"],
       share.id, share.recipient, static_cast<std::int64_t>(share.scope.index()),
       share.profile_name, profile, std::int64_t{share.permissions.view},
       std::int64_t{share.permissions.download}, std::int64_t{share.permissions.give_back},
       std::int64_t{share.permissions.give_back_documents}, name(share.assurance), share.not_before,
       share.expires_at, share.max_sessions, share.purpose, name(share.intended_use),
       share.link_hash, share.created_at, share.created_by, share.person,
       std::int64_t{share.needs_approval}, std::int64_t{share.marks_pictures})
      .execute();
  if (consents == ConsentRule::required &&
      !has_consents(statements_, share.id, share.created_at, share.expires_at)) {
    return false;
  }
  keys_.add(share.id, mask_key);
  transaction.commit();
  return true;
}

void SqliteShareStore::forget_what_changed() const {
  const std::uint64_t version = changes_.version();
  const bool has_changed = std::exchange(known_version_, version) != version;
  if (has_changed || found_.size() >= kSharesInMemory) found_.clear();
  if (has_changed || liveness_.size() >= kMostLiveness) liveness_.clear();
  if (has_changed) forget_shares_of_recipients();
}

void SqliteShareStore::forget_shares_of_recipients() const {
  shares_of_.clear();
  shares_of_recipients_ = 0;
}

std::uint64_t SqliteShareStore::version() const {
  const core::MutexLock lock(mutex_);
  return changes_.version();
}

std::optional<Share> SqliteShareStore::find(const ShareId& id) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  if (const auto known = found_.find(id); known != found_.end()) return known->second;
  Rows rows(statements_[select_shares("WHERE id = ?1")], id);
  auto share = read_one_share(statements_, profiles_, rows);
  if (share) found_.emplace(id, *share);
  return share;
}

std::optional<Share> SqliteShareStore::find_by_link(const core::Sha256& link_hash) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_[select_shares("WHERE link_hash = ?1")], link_hash);
  return read_one_share(statements_, profiles_, rows);
}

SharedShares SqliteShareStore::live_for(const RecipientId& who, core::Time now) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  SharedShares live;
  for (const auto& share : shares_of(who, now)) {
    if (share->not_before <= now && now < share->expires_at) live.push_back(share);
  }
  return live;
}

/// What had ended when they were read is not among them: a clock that is set back refuses it until
/// something changes.
const SharedShares& SqliteShareStore::shares_of(const RecipientId& who, core::Time now) const {
  if (const auto known = shares_of_.find(who); known != shares_of_.end()) return known->second;
  Rows rows(statements_[select_shares("WHERE recipient = ?1 AND revoked_at IS NULL AND ends_at > ?2"
                                      " AND key_destroyed_at IS NULL"
                                      " AND (needs_approval = 0 OR approved_at IS NOT NULL)"
                                      " ORDER BY seq DESC")],
            who, now);
  // Before and not after: whoever has more than that alone keeps his.
  if (shares_of_recipients_ >= kMostShares) forget_shares_of_recipients();
  SharedShares shares;
  while (rows.next()) {
    shares.push_back(std::make_shared<const Share>(read_share(statements_, profiles_, rows)));
  }
  shares_of_recipients_ += shares.size() + 1;
  return shares_of_.insert_or_assign(who, std::move(shares)).first->second;
}

std::vector<Share> SqliteShareStore::list(const ShareFilter& filter, core::Time now) const {
  constexpr std::size_t kFirstPatient = 10;  // parameters before that are single
  std::string sql = select_shares("WHERE TRUE");
  if (filter.recipient) sql += " AND recipient = ?1";
  if (filter.patient_id) {
    sql += " AND id IN (SELECT share FROM share_object WHERE patient_id = ?2)";
  }
  if (filter.study) {
    sql +=
        " AND id IN (SELECT share FROM share_object WHERE study = ?5"
        " OR (study = '' AND patient_id IN (";
    for (std::size_t i = 0; i < filter.patients_of_study.size(); ++i) {
      sql += (i == 0 ? "?" : ", ?") + std::to_string(kFirstPatient + i);
    }
    sql += ")))";
  }
  if (filter.without_those_over || (filter.status && !is_over(*filter.status))) sql += kNotOver;
  if (filter.status) sql += kStatusCondition.at(static_cast<std::size_t>(*filter.status));
  const bool newest_first = filter.order == ListOrder::newest_first;
  if (!filter.after.empty()) {
    sql += newest_first ? " AND seq < (SELECT seq FROM share WHERE id = ?4)"
                        : " AND seq > (SELECT seq FROM share WHERE id = ?4)";
  }
  sql += place_of_page(filter);
  if (filter.since) sql += " AND created_at >= ?6";
  if (filter.until) sql += " AND created_at < ?7";
  if (filter.person) sql += " AND person <> '' AND person = ?8";
  sql += newest_first ? " ORDER BY seq DESC LIMIT ?9" : " ORDER BY seq LIMIT ?9";
  const core::MutexLock lock(mutex_);
  const std::optional<std::string> study =
      filter.study ? std::optional(filter.study->str()) : std::nullopt;
  Rows rows(statements_[sql], filter.recipient, filter.patient_id, now, filter.after, study,
            filter.since, filter.until, filter.person, std::clamp(filter.limit, 1, kMostListed),
            filter.patients_of_study);
  return read_shares(statements_, profiles_, rows);
}

std::vector<ShareId> SqliteShareStore::revoke(std::span<const ShareId> ids, std::string_view reason,
                                              core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  std::vector<ShareId> revoked;
  for (const ShareId& id : ids) {
    const int changed = Rows(statements_["UPDATE share SET revoked_at = ?2, revoke_reason = ?3"
                                         " WHERE id = ?1 AND revoked_at IS NULL"],
                             id, now, reason)
                            .execute();
    if (changed == 1) revoked.push_back(id);
  }
  transaction.commit();
  return revoked;
}

bool SqliteShareStore::approve(const ShareId& id, const Approval& approval) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["UPDATE share SET approved_at = ?2, approved_by = ?3 WHERE id = ?1"
                          " AND needs_approval = 1 AND approved_at IS NULL"
                          " AND revoked_at IS NULL AND key_destroyed_at IS NULL"
                          " AND (SELECT ends_at FROM present_share WHERE id = ?1) > ?2"
                          " AND created_by NOT IN ('', ?3) AND ?3 <> ''"],
              id, approval.approved_at, approval.approved_by)
             .execute() == 1;
}

bool SqliteShareStore::extend(const ShareId& id, const Extension& extension, ConsentRule consents) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  if (consents == ConsentRule::required &&
      !has_consents(statements_, id, extension.extended_at, extension.expires_at)) {
    return false;
  }
  const bool extended =
      Rows(statements_["INSERT INTO share_extension"
                       " (share, expires_at, extended_at, extended_by, reason)"
                       " SELECT id, ?2, ?3, ?4, ?5 FROM present_share WHERE id = ?1"
                       " AND revoked_at IS NULL AND key_destroyed_at IS NULL"
                       " AND expiry_log_size IS NULL AND ends_at > ?3 AND ends_at < ?2"],
           id, extension.expires_at, extension.extended_at, extension.extended_by, extension.reason)
          .execute() == 1;
  transaction.commit();
  return extended;
}

std::vector<ExpiredShare> SqliteShareStore::expired(core::Time now, int limit) const {
  const core::MutexLock lock(mutex_);
  std::vector<std::pair<ShareId, std::optional<std::uint64_t>>> ids;
  {
    // The first end is never the later one, and has an index, of what is not on record yet.
    Rows rows(
        statements_["SELECT id, expiry_log_size FROM share INDEXED BY share_to_expire"
                    " WHERE revoked_at IS NULL AND expiry_recorded_at IS NULL"
                    " AND expires_at <= ?1 AND NOT EXISTS (SELECT 1 FROM share_extension"
                    " AS extension WHERE extension.share = share.id AND extension.expires_at > ?1)"
                    " ORDER BY expires_at LIMIT ?2"],
        now, std::int64_t{limit});
    while (rows.next()) {
      auto& [id, size] = ids.emplace_back(read_id<ShareId>(rows, 0), std::nullopt);
      if (!rows.is_null(1)) size = static_cast<std::uint64_t>(rows.integer(1));
    }
  }
  std::vector<ExpiredShare> expired;
  for (auto& [id, size] : ids) {
    Rows rows(statements_[select_shares("WHERE id = ?1")], id);
    for (Share& share : read_shares(statements_, profiles_, rows))
      expired.push_back({std::move(share), size});
  }
  return expired;
}

void SqliteShareStore::begin_expiry(const ShareId& id, std::uint64_t log_size) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE share SET expiry_log_size = ?2 WHERE id = ?1"], id,
       static_cast<std::int64_t>(log_size))
      .execute();
}

void SqliteShareStore::end_expiry(const ShareId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE share SET expiry_recorded_at = ?2 WHERE id = ?1"], id, now).execute();
}

std::optional<core::Secret> SqliteShareStore::mask_key(const ShareId& id) const {
  const core::MutexLock lock(mutex_);
  return keys_.find(id);
}

bool SqliteShareStore::destroy_mask_key(const ShareId& id, core::Time now) {
  const core::MutexLock lock(mutex_);
  Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
  const int destroyed = Rows(statements_["UPDATE share SET key_destroyed_at = ?2 WHERE id = ?1"
                                         " AND key_destroyed_at IS NULL"
                                         " AND (revoked_at IS NOT NULL OR ?2 >="
                                         " (SELECT ends_at FROM present_share WHERE id = ?1))"],
                             id, now)
                            .execute();
  if (destroyed == 0) return false;
  keys_.remove(id);
  transaction.commit();
  core::db::empty_write_ahead_log(db_);
  return true;
}

std::size_t SqliteShareStore::rotate_wrapping_key() {
  const core::MutexLock lock(mutex_);
  return keys_.rotate();
}

core::Bits128 SqliteShareStore::wrapping_key_id() const {
  const core::MutexLock lock(mutex_);
  return keys_.wrapping_id();
}

bool SqliteShareStore::approve(const ShareId& id, const core::SeriesKey& series,
                               std::string_view by, core::Time now) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO series_decision (share, patient_id, study, series,"
                          " decision, decided_by, decided_at)"
                          " SELECT ?1, ?2, ?3, ?4, 'approved', ?5, ?6"
                          " WHERE NOT EXISTS (SELECT 1 FROM approved_series WHERE share = ?1"
                          " AND patient_id = ?2 AND study = ?3 AND series = ?4)"],
              id, series.study.patient_id, series.study.study.text(), series.series.text(), by, now)
             .execute() == 1;
}

bool SqliteShareStore::withdraw_approval(const ShareId& id, const core::SeriesKey& series,
                                         std::string_view by, core::Time now) {
  const core::MutexLock lock(mutex_);
  return Rows(statements_["INSERT INTO series_decision (share, patient_id, study, series,"
                          " decision, decided_by, decided_at)"
                          " SELECT share, patient_id, study, series, 'withdrawn', ?5, ?6"
                          " FROM approved_series WHERE share = ?1"
                          " AND patient_id = ?2 AND study = ?3 AND series = ?4"],
              id, series.study.patient_id, series.study.study.text(), series.series.text(), by, now)
             .execute() == 1;
}

void SqliteShareStore::add_returned(const ShareId& id, const ReturnedObject& object,
                                    core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["INSERT INTO returned_object (share, series, instance, archived_series,"
                   " archived_instance, returned_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                   " ON CONFLICT DO NOTHING"],
       id, object.series.text(), object.instance.text(), object.archived_series.text(),
       object.archived_instance.text(), now)
      .execute();
}

void SqliteShareStore::confirm_returned(const ShareId& id, const core::Uid& instance,
                                        core::Time now) {
  const core::MutexLock lock(mutex_);
  Rows(statements_["UPDATE returned_object SET stored_at = ?3"
                   " WHERE share = ?1 AND instance = ?2 AND stored_at IS NULL"],
       id, instance.text(), now)
      .execute();
}

std::vector<ReturnedObject> SqliteShareStore::returned(const ShareId& id) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT series, instance, archived_series, archived_instance,"
                        " stored_at IS NOT NULL FROM returned_object WHERE share = ?1"],
            id);
  std::vector<ReturnedObject> objects;
  while (rows.next()) {
    using Stage = ReturnedObject::Stage;
    objects.push_back({uid_of(rows.text(0)), uid_of(rows.text(1)), uid_of(rows.text(2)),
                       uid_of(rows.text(3)),
                       rows.integer(4) != 0 ? Stage::stored : Stage::received});
  }
  return objects;
}

std::vector<core::Uid> SqliteShareStore::returned_elsewhere(const ShareId& id,
                                                            const core::Uid& series) const {
  const core::MutexLock lock(mutex_);
  Rows rows(statements_["SELECT archived_instance FROM returned_object"
                        " WHERE archived_series = ?2 AND share <> ?1"],
            id, series.text());
  std::vector<core::Uid> instances;
  while (rows.next()) instances.push_back(uid_of(rows.text(0)));
  return instances;
}

bool SqliteShareStore::is_live(const ShareId& id, core::Time now,
                               const std::vector<core::SeriesKey>& approved) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  return is_live_at(now, {id, approved});
}

bool SqliteShareStore::are_live(std::span<const Asked> shares, core::Time now) const {
  const core::MutexLock lock(mutex_);
  forget_what_changed();
  for (const Asked& each : shares) {
    if (!is_live_at(now, each)) return false;
  }
  return true;
}

/// As far as what is kept is not outdated.
bool SqliteShareStore::is_live_at(core::Time now, const Asked& share) const {
  const auto known = liveness_.find(share.id);
  const Liveness& found = known != liveness_.end()
                              ? known->second
                              : liveness_.emplace(share.id, liveness_of(share.id)).first->second;
  return found.begin <= now && now < found.end &&
         std::ranges::includes(found.approved, share.approved);
}

/// An empty period for what no moment makes live.
SqliteShareStore::Liveness SqliteShareStore::liveness_of(const ShareId& id) const {
  Rows rows(statements_["SELECT not_before, ends_at FROM present_share AS share"
                        " JOIN recipient ON recipient.id = share.recipient"
                        " WHERE share.id = ?1 AND revoked_at IS NULL AND key_destroyed_at IS NULL"
                        " AND (needs_approval = 0 OR approved_at IS NOT NULL)"
                        " AND disabled_at IS NULL"],
            id);
  if (!rows.next()) return {};
  return {rows.time(0), rows.time(1), read_approvals(statements_, id)};
}

}  // namespace sekisho::sharing
