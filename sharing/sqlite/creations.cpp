// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/creations.h"

namespace sekisho::sharing {

std::optional<Creation> find_creation(Statements& statements, const CreationKey& key) {
  Rows rows(statements["SELECT request, made FROM creation_key WHERE key = ?1 AND given_at > ?2"],
            key.key, key.given_at - kCreationKeyLife);
  if (!rows.next()) return std::nullopt;
  return Creation{read_sha256(rows, 0), rows.text(1)};
}

bool write_creation(Statements& statements, const std::optional<CreationKey>& key,
                    std::string_view made) {
  if (!key) return true;
  Rows(statements["DELETE FROM creation_key WHERE given_at <= ?1"],
       key->given_at - kCreationKeyLife)
      .execute();
  return Rows(statements["INSERT INTO creation_key (key, request, made, given_at)"
                         " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO NOTHING"],
              key->key, key->request, made, key->given_at)
             .execute() == 1;
}

}  // namespace sekisho::sharing
