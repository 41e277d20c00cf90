// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/value.h>

#include "access/refusal.h"
#include "access/session.h"
#include "gateway/call.h"
#include "http/response.h"

namespace sekisho::gateway {

// What is the same of all changes that people make to their own ways in (docs/access.md).

/// The answer to whoever is not let in by what they have typed. Throws audit::AuditError.
http::Response refuse(const Call& call, access::Refusal refusal);

/// What goes on in place of the session that asked, once a change has ended all of them: under a
/// new id, and no longer than that would have lasted.
access::Session next_session(const Call& call, access::Level level);

/// Puts on record that the person changes what they sign in with, and that `next` begins. Both
/// outlive it.
access::Record recorder(const Call& call, const char* change, const access::Session& next);

/// The answer to a change, of which the person is told, with the session that begins. Throws
/// core::DatabaseError and audit::AuditError.
http::Response go_on(const Call& call, access::Session session, Json::Value json);

}  // namespace sekisho::gateway
