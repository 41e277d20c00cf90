// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/sqlite/deeds.h"

#include "audit/entry/index_span.h"

namespace sekisho::audit {
namespace {

using core::db::Database;
using core::db::Statement;

/// Of a statement whose first two parameters are a subject's hash and kind.
void bind_subject(Statement& statement, const Subject& subject) {
  core::db::bind_bytes(statement, 1, subject.hash);
  statement.bind(2, static_cast<int>(subject.kind));
}

struct CarryOut {
  std::uint64_t seq;
  Database& database;

  void operator()(const Hold& hold) const {
    Statement insert(database, "INSERT INTO audit_hold (hash, kind, seq) VALUES (?, ?, ?)");
    bind_subject(insert, hold.subject);
    insert.bind(3, static_cast<std::int64_t>(seq));
    insert.exec();
  }

  void operator()(const EndHold& hold) const {
    Statement remove(database, "DELETE FROM audit_hold WHERE hash = ? AND kind = ?");
    bind_subject(remove, hold.subject);
    remove.exec();
  }

  void operator()(const Shred& shred) const {
    Statement update(database,
                     "UPDATE audit_key SET wrapped = NULL"
                     " WHERE hash = ? AND kind = ? AND wrapped IS NOT NULL");
    bind_subject(update, shred.subject);
    update.exec();
  }

  void operator()(const Prune& prune) const {
    // First the boundary: below it the triggers allow what follows.
    Statement boundary(database,
                       "INSERT INTO audit_pruned (id, before, seq) VALUES (1, ?1, ?2)"
                       " ON CONFLICT DO UPDATE SET before = ?1, seq = ?2");
    boundary.bind(1, static_cast<std::int64_t>(prune.before));
    boundary.bind(2, static_cast<std::int64_t>(seq));
    boundary.exec();
    Statement entry(database, "DELETE FROM audit_entry WHERE seq = ?");
    Statement object(
        database, "DELETE FROM audit_object WHERE hash = ? AND kind = ? AND seq = ? AND span = ?");
    for (const Prune::Removal& removal : prune.removals) {
      entry.reset();
      entry.bind(1, static_cast<std::int64_t>(removal.seq));
      entry.exec();
      for (const Subject& subject : removal.subjects) {
        object.reset();
        bind_subject(object, subject);
        object.bind(3, static_cast<std::int64_t>(removal.seq));
        object.bind(4, static_cast<std::int64_t>(index_span(removal.seq)));
        object.exec();
      }
    }
  }
};

}  // namespace

void carry_out(const Deed& deed, std::uint64_t seq, Database& database) {
  std::visit(CarryOut{seq, database}, deed);
}

}  // namespace sekisho::audit
