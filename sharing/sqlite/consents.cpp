// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/sqlite/consents.h"

namespace sekisho::sharing {

bool has_consents(Statements& statements, const ShareId& share, core::Time now, core::Time end) {
  Rows rows(statements["SELECT 1 FROM share JOIN share_object AS object ON object.share = share.id"
                       " WHERE share.id = ?1 AND NOT EXISTS (SELECT 1 FROM consent"
                       " WHERE consent.patient_id = object.patient_id"
                       " AND consent.purpose = share.purpose AND withdrawn_at IS NULL"
                       " AND valid_from <= max(share.not_before, ?2) AND valid_until >= ?3)"],
            share, now, end);
  return !rows.next();
}

}  // namespace sekisho::sharing
