// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/share_rows.h"

#include <algorithm>
#include <utility>

namespace sekisho::sharing {
namespace {

/// What every reading of a share begins with; the columns stand in the order of read_share().
constexpr std::string_view kSelect =
    "SELECT id, recipient, level, profile_name, profile, key_destroyed_at, may_view, "
    "may_download,"
    " may_return, may_return_documents, assurance, not_before, ends_at, max_sessions, purpose, "
    "intended_use,"
    " link_hash, created_at, created_by, revoked_at, revoke_reason, person, needs_approval,"
    " approved_at, approved_by, marks_pictures FROM present_share ";

/// One object of a scope: empty below the scope's level.
struct ObjectRow {
  std::string patient_id;
  std::string study;
  std::string series;
  std::string instance;
};

ObjectRow row_of(const core::StudyKey& key) { return {key.patient_id, key.study.str(), "", ""}; }
ObjectRow row_of(const core::SeriesKey& key) {
  ObjectRow row = row_of(key.study);
  row.series = key.series.str();
  return row;
}
ObjectRow row_of(const core::InstanceKey& key) {
  ObjectRow row = row_of(key.series);
  row.instance = key.instance.str();
  return row;
}

template <class Key>
std::vector<ObjectRow> rows_of(const std::vector<Key>& keys) {
  std::vector<ObjectRow> rows;
  rows.reserve(keys.size());
  for (const Key& key : keys) rows.push_back(row_of(key));
  return rows;
}

struct ScopeRows {
  std::vector<ObjectRow> operator()(const PatientScope& scope) const {
    return {{scope.patient_id, "", "", ""}};
  }
  std::vector<ObjectRow> operator()(const StudyScope& scope) const {
    return rows_of(scope.studies);
  }
  std::vector<ObjectRow> operator()(const SeriesScope& scope) const {
    return rows_of(scope.series);
  }
  std::vector<ObjectRow> operator()(const InstanceScope& scope) const {
    return rows_of(scope.instances);
  }
};

core::StudyKey study_key(const ObjectRow& row) { return {row.patient_id, uid_of(row.study)}; }
core::SeriesKey series_key(const ObjectRow& row) { return {study_key(row), uid_of(row.series)}; }
core::InstanceKey instance_key(const ObjectRow& row) {
  return {series_key(row), uid_of(row.instance)};
}

template <class Key>
std::vector<Key> keys_of(const std::vector<ObjectRow>& rows, Key (*key_of)(const ObjectRow&)) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const ObjectRow& row : rows) keys.push_back(key_of(row));
  return keys;
}

/// `level` is the index in Scope.
Scope scope_of(std::int64_t level, const std::vector<ObjectRow>& rows) {
  if (rows.empty()) throw core::db::Error("sharing.db holds a share without a scope");
  switch (level) {
    case 0:
      return PatientScope{rows.front().patient_id};
    case 1:
      return StudyScope{keys_of(rows, study_key)};
    case 2:
      return SeriesScope{keys_of(rows, series_key)};
    case 3:
      return InstanceScope{keys_of(rows, instance_key)};
    default:
      throw core::db::Error("sharing.db holds a share of an unknown level");
  }
}

/// A value that the schema's CHECK lets in has a name.
template <class Value>
Value known(std::optional<Value> value) {
  if (!value) throw core::db::Error("sharing.db holds a word that cannot be read");
  return *value;
}

Scope read_scope(Statements& statements, const ShareId& id, std::int64_t level) {
  Rows rows(statements["SELECT patient_id, study, series, instance FROM share_object"
                       " WHERE share = ?1 ORDER BY position"],
            id);
  std::vector<ObjectRow> objects;
  while (rows.next()) {
    objects.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
  }
  return scope_of(level, objects);
}

std::vector<Extension> read_extensions(Statements& statements, const ShareId& id) {
  Rows rows(statements["SELECT expires_at, extended_at, extended_by, reason FROM share_extension"
                       " WHERE share = ?1 ORDER BY expires_at"],
            id);
  std::vector<Extension> extensions;
  while (rows.next()) {
    extensions.push_back({rows.time(0), rows.time(1), rows.text(2), rows.text(3)});
  }
  return extensions;
}

}  // namespace

core::Uid uid_of(const std::string& text) {
  auto uid = core::Uid::parse(text);
  if (!uid) throw core::db::Error("sharing.db holds a UID that cannot be read");
  return *uid;
}

std::vector<core::SeriesKey> read_approvals(Statements& statements, const ShareId& id) {
  Rows rows(statements["SELECT patient_id, study, series FROM approved_series WHERE share = ?1"],
            id);
  std::vector<core::SeriesKey> approved;
  while (rows.next()) {
    approved.push_back(series_key({rows.text(0), rows.text(1), rows.text(2), ""}));
  }
  std::ranges::sort(approved);
  return approved;
}

/// What is kept is let go where it is more than shares of one hospital have.
core::SharedText Profiles::find(Statements& statements, std::int64_t seq) {
  constexpr std::size_t kMostKept = 256;
  if (const auto known = read_.find(seq); known != read_.end()) return known->second;
  Rows rows(statements["SELECT json FROM profile WHERE seq = ?1"], seq);
  if (!rows.next()) throw core::db::Error("sharing.db holds a share without its profile");
  if (read_.size() >= kMostKept) read_.clear();
  return read_.emplace(seq, rows.text(0)).first->second;
}

std::int64_t Profiles::write(Statements& statements, const core::SharedText& json) {
  Rows(statements["INSERT INTO profile (json) VALUES (?1) ON CONFLICT DO NOTHING"], json.str())
      .execute();
  Rows rows(statements["SELECT seq FROM profile WHERE json = ?1"], json.str());
  rows.next();
  return rows.integer(0);
}

Share read_share(Statements& statements, Profiles& profiles, const Rows& rows) {
  Share share;
  share.id = read_id<ShareId>(rows, 0);
  share.recipient = read_id<RecipientId>(rows, 1);
  share.scope = read_scope(statements, share.id, rows.integer(2));
  share.profile_name = rows.text(3);
  share.profile_json = profiles.find(statements, rows.integer(4));
  share.key_destroyed_at = rows.optional_time(5);
  share.permissions = {rows.integer(6) != 0, rows.integer(7) != 0, rows.integer(8) != 0,
                       rows.integer(9) != 0};
  share.assurance = known(parse_assurance(rows.text(10)));
  share.not_before = rows.time(11);
  share.expires_at = rows.time(12);
  if (!rows.is_null(13)) share.max_sessions = static_cast<int>(rows.integer(13));
  share.purpose = rows.text(14);
  share.intended_use = known(parse_intended_use(rows.text(15)));
  share.link_hash = read_sha256(rows, 16);
  share.created_at = rows.time(17);
  share.created_by = rows.text(18);
  share.revoked_at = rows.optional_time(19);
  share.revoke_reason = rows.text(20);
  share.person = rows.text(21);
  share.needs_approval = rows.integer(22) != 0;
  if (const auto approved_at = rows.optional_time(23)) {
    share.approval = Approval{*approved_at, rows.text(24)};
  }
  share.marks_pictures = rows.integer(25) != 0;
  share.approved_series = read_approvals(statements, share.id);
  share.extensions = read_extensions(statements, share.id);
  return share;
}

std::optional<Share> read_one_share(Statements& statements, Profiles& profiles, Rows& rows) {
  if (!rows.next()) return std::nullopt;
  return read_share(statements, profiles, rows);
}

std::vector<Share> read_shares(Statements& statements, Profiles& profiles, Rows& rows) {
  std::vector<Share> shares;
  while (rows.next()) shares.push_back(read_share(statements, profiles, rows));
  return shares;
}

std::string select_shares(std::string_view condition) {
  return std::string(kSelect).append(condition);
}

void write_scope(Statements& statements, const Share& share) {
  std::int64_t position = 0;
  for (const ObjectRow& row : std::visit(ScopeRows{}, share.scope)) {
    Rows(statements["INSERT INTO share_object (share, position, patient_id, study, series,"
                    " instance) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"],
         share.id, position++, row.patient_id, row.study, row.series, row.instance)
        .execute();
  }
}

}  // namespace sekisho::sharing
