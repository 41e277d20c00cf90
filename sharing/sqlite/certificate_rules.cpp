// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/certificate_rules.h"

namespace sekisho::sharing {
namespace {

std::vector<CertificateRule> read_rules(Rows& rows) {
  std::vector<CertificateRule> rules;
  while (rows.next()) {
    const auto kind = parse_name_kind(rows.text(3));
    if (!kind) throw core::db::Error("the database holds a kind of name that is none");
    rules.push_back({read_id<CertificateRuleId>(rows, 0),
                     read_id<RecipientId>(rows, 1),
                     read_sha256(rows, 2),
                     {*kind, rows.text(4), read_sha256(rows, 5)},
                     rows.time(6)});
  }
  return rules;
}

}  // namespace

bool write_rule(Statements& statements, const CertificateRule& rule) {
  return Rows(statements["INSERT INTO certificate_rule (id, recipient, authority, kind, name,"
                         " name_key, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                         " ON CONFLICT (name_key, authority) DO NOTHING"],
              rule.id, rule.recipient, rule.authority, name(rule.name.kind), rule.name.text,
              rule.name.key, rule.created_at)
             .execute() == 1;
}

std::vector<CertificateRule> rules_of(Statements& statements, const RecipientId& recipient) {
  Rows rows(statements["SELECT id, recipient, authority, kind, name, name_key, created_at"
                       " FROM certificate_rule WHERE recipient = ?1 ORDER BY seq"],
            recipient);
  return read_rules(rows);
}

std::vector<CertificateRule> rules_for(Statements& statements, const core::Sha256& name) {
  Rows rows(statements["SELECT id, recipient, authority, kind, name, name_key, created_at"
                       " FROM certificate_rule WHERE name_key = ?1 ORDER BY seq"],
            name);
  return read_rules(rows);
}

bool remove_rule(Statements& statements, const CertificateRuleId& id) {
  return Rows(statements["DELETE FROM certificate_rule WHERE id = ?1"], id).execute() == 1;
}

}  // namespace sekisho::sharing
