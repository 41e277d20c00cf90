// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/refusal.h"
#include "access/session.h"
#include "access/sign_in.h"
#include "audit/event.h"
#include "gateway/call.h"
#include "http/response.h"

namespace sekisho::gateway {

// What is the same of all ways to sign in (docs/access.md). A session is on record before it
// begins; whoever is not let in gets one 404, and the log knows why. All throw audit::AuditError
// and core::DatabaseError.

/// Whether people of a recipient may come from there. `call` outlives it.
access::MayCome may_come(const Call& call);

/// `claimed`: who it would be, as far as that is known; may be null.
http::Response refuse(const Call& call, access::Refusal refusal, const access::Person* claimed);

/// What is the same of every session that begins.
access::Session new_session(const Call& call);
/// On record, then begun, then told: 201 with the session, and its cookie.
http::Response begin(const Call& call, const access::Session& session, audit::Event event);
/// The same for somebody who was let in, if what let them in is so still once it has begun.
http::Response begin(const Call& call, const access::Admitted& admitted);

}  // namespace sekisho::gateway
