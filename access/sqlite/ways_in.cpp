// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sqlite/ways_in.h"

namespace sekisho::access {

using core::db::Rows;

void end_sessions(core::db::Statements& statements, const PersonId& person) {
  Rows(statements["DELETE FROM session WHERE person = ?1"], person).execute();
  Rows(statements["DELETE FROM reset WHERE person = ?1"], person).execute();
}

void drop_second_factor(core::db::Statements& statements, const PersonId& person) {
  Rows(statements["UPDATE person SET totp_box = NULL, totp_since = NULL, totp_step = 0,"
                  " offered_box = NULL WHERE id = ?1"],
       person)
      .execute();
  Rows(statements["DELETE FROM recovery_code WHERE person = ?1"], person).execute();
}

void drop_all_but_password(core::db::Statements& statements, const PersonId& person) {
  drop_second_factor(statements, person);
  Rows(statements["DELETE FROM passkey WHERE person = ?1"], person).execute();
  Rows(statements["DELETE FROM application_password WHERE person = ?1"], person).execute();
  Rows(statements["DELETE FROM identity WHERE person = ?1"], person).execute();
  end_sessions(statements, person);
}

}  // namespace sekisho::access
