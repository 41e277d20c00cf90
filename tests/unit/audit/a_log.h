// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "audit/entry/entry.h"
#include "audit/initialise.h"
#include "audit/keys/key_files.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "audit/verify/verify.h"
#include "core/database.h"
#include "support/fake_machine.h"

namespace sekisho::audit::test {

inline constexpr char kOrigin[] = "audit.test.example/log";

/// A directory that goes with the test.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-audit-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string first_line(const std::filesystem::path& file) {
  std::string text = read_file(file);
  return text.substr(0, text.find('\n'));
}

/// Noon on 31 January 2026.
inline core::Time a_time() {
  return core::Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}} +
         std::chrono::hours{12};
}

inline core::Log no_report() {
  return [](core::Severity, std::string_view) {};
}

/// A connection that no trigger stops; they are back when it closes, so that only the rows tell.
class Superuser {
 public:
  explicit Superuser(const std::filesystem::path& file) : database_(core::db::open(file)) {
    database_.exec("PRAGMA synchronous=OFF");
    std::vector<std::string> names;
    core::db::Statement all(database_, "SELECT name, sql FROM sqlite_schema WHERE type='trigger'");
    while (all.executeStep()) {
      names.push_back(all.getColumn(0).getString());
      triggers_.push_back(all.getColumn(1).getString());
    }
    all.reset();
    for (const std::string& name : names) database_.exec("DROP TRIGGER " + name);
  }
  ~Superuser() {
    for (const std::string& trigger : triggers_) database_.exec(trigger);
  }
  Superuser(const Superuser&) = delete;
  Superuser& operator=(const Superuser&) = delete;
  core::db::Database& database() { return database_; }

 private:
  core::db::Database database_;
  std::vector<std::string> triggers_;
};

/// The tree of the entries as they are now, and its head; of logs without a tile.
inline void sign_anew(core::db::Database& database, const NoteSigner& signer) {
  Tree tree;
  {
    core::db::Statement all(database, "SELECT entry FROM audit_entry ORDER BY seq");
    while (all.executeStep()) tree.append(leaf_hash(core::as_bytes(all.getColumn(0).getString())));
  }
  const core::Sha256 root = tree.root();
  std::string edge;
  for (const core::Sha256& hash : tree.edge()) edge += core::as_text(hash);
  core::db::Statement update(database,
                             "UPDATE audit_head SET size = ?, root = ?, edge = ?, checkpoint = ?");
  update.bind(1, static_cast<std::int64_t>(tree.size()));
  update.bind(2, root.data(), static_cast<int>(root.size()));
  update.bind(3, edge.data(), static_cast<int>(edge.size()));
  update.bind(4, signer.sign(Checkpoint{kOrigin, tree.size(), root}.text()));
  update.exec();
}

/// As version 4 had it: everything in the leaf, in its order, and signed so. Of logs without a
/// tile, or whose tiles go.
inline void make_version_4(core::db::Database& database, const NoteSigner& signer) {
  database.exec(
      "DROP TRIGGER audit_entry_unchanged;"
      "UPDATE audit_entry SET entry = (SELECT '{' || group_concat('\"' || key || '\":' || text) || "
      "'}'"
      "  FROM (SELECT * FROM ("
      "    SELECT key, entry -> key AS text FROM json_each(entry)"
      "      WHERE key NOT IN ('aside', 'version')"
      "    UNION ALL SELECT key, aside -> key FROM json_each(aside)"
      "    UNION ALL SELECT 'version', '1') ORDER BY key));"
      "ALTER TABLE audit_entry DROP COLUMN aside;"
      "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry\n"
      "  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
      "PRAGMA user_version = 4;");
  sign_anew(database, signer);
}

/// As the version before that made it: one index for all.
inline void make_version_3(core::db::Database& database, const NoteSigner& signer) {
  make_version_4(database, signer);
  database.exec(
      "CREATE TABLE objects AS SELECT hash, kind, seq FROM audit_object;"
      "DROP TABLE audit_object;"
      "CREATE TABLE audit_object (hash BLOB NOT NULL, kind INTEGER NOT NULL,"
      "  seq INTEGER NOT NULL, PRIMARY KEY (hash, kind, seq)) STRICT, WITHOUT ROWID;"
      "INSERT INTO audit_object SELECT * FROM objects; DROP TABLE objects;"
      "CREATE TRIGGER audit_object_unchanged BEFORE UPDATE ON audit_object"
      "  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
      "CREATE TRIGGER audit_object_kept BEFORE DELETE ON audit_object"
      "  WHEN OLD.seq >= (SELECT coalesce(max(before), 0) FROM audit_pruned)"
      "  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
      "PRAGMA user_version = 3;");
}

/// A log that has pruned nothing, as the version before that made it.
inline void make_version_2(core::db::Database& database, const NoteSigner& signer) {
  make_version_3(database, signer);
  database.exec(
      "DROP TRIGGER audit_entry_kept; DROP TRIGGER audit_object_kept;"
      "DROP TABLE audit_hold; DROP TABLE audit_pruned;"
      "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry"
      "  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
      "CREATE TRIGGER audit_object_kept BEFORE DELETE ON audit_object"
      "  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
      "PRAGMA user_version = 2;");
}

/// An initialised log in a directory of its own, its clock stopped at a_time().
class ALog {
 public:
  ALog() : place_(AuditPlace::in(directory_.path())) {
    initialise(place_, kOrigin, a_time, tests::uptime_of(a_time));
  }

  const AuditPlace& place() const { return place_; }
  std::string key() const { return first_line(place_.verifier_key); }
  std::unique_ptr<AuditLog> open(core::Log report = no_report()) const {
    return std::make_unique<AuditLog>(place_, a_time, std::move(report), tests::uptime_of(a_time));
  }
  Verdict verdict() const { return verify(place_.database, key()); }
  /// What a superuser does to the file, with the triggers out of the way for the time being.
  void tamper(const std::string& sql) const {
    Superuser superuser(place_.database);
    superuser.database().exec(sql);
  }
  /// What a superuser who holds the signing key does after that.
  void sign_anew() const {
    Superuser superuser(place_.database);
    test::sign_anew(superuser.database(), read_signing_key(place_.signing_key));
  }
  /// The leaf.
  std::string entry(std::uint64_t seq) const { return stored(seq).leaf; }
  StoredEntry stored(std::uint64_t seq) const {
    core::db::Database database = core::db::open_read_only(place_.database);
    core::db::Statement found(database, "SELECT entry, aside FROM audit_entry WHERE seq = ?");
    found.bind(1, static_cast<std::int64_t>(seq));
    if (!found.executeStep()) throw std::runtime_error("no such entry");
    return {found.getColumn(0).getString(), found.getColumn(1).getString()};
  }
  /// What both say.
  Entry parsed(std::uint64_t seq) const { return parse_entry(stored(seq).bytes()).value(); }
  std::int64_t count(const std::string& from) const {
    core::db::Database database = core::db::open_read_only(place_.database);
    return database.execAndGet("SELECT count(*) FROM " + from).getInt64();
  }

 private:
  Directory directory_;
  AuditPlace place_;
};

inline Event a_transfer(const std::string& patient = "P1001", const std::string& study = "1.2.3") {
  Event event;
  event.code = EventCode::transfer_begin;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.share_id = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
  event.request_id = "r-1";
  event.intended_use = "TREAT";
  event.objects = {{patient, study, study + ".1", study + ".1.1"}};
  event.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
  event.recipient_name = "山田クリニック";
  event.user_agent = "curl/7.88";
  return event;
}

inline Event an_outcome(std::uint64_t intent) {
  Event event;
  event.code = EventCode::transfer_end;
  event.intent = intent;
  event.instances = 1;
  event.bytes = 532'480;
  return event;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += line + '\n';
  return all;
}

}  // namespace sekisho::audit::test
