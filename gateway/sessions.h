// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "access/session.h"
#include "access/session_store.h"
#include "core/time.h"
#include "gateway/ports.h"
#include "http/cookie.h"
#include "http/handler.h"
#include "http/request.h"
#include "http/response.h"
#include "sharing/authenticate.h"

namespace sekisho::gateway {

/// What a browser keeps a session by: 256 random bits, of which only the hash is stored.
inline constexpr std::string_view kSessionCookie = "__Host-sekisho";

/// Of what a browser says of itself: bytes that are kept.
inline constexpr std::size_t kLongestUserAgent = 200;

/// The session that a request's cookie names, if it is not over and was begun from the same address
/// family. A cookie beside an Authorization field counts for nothing: who sends that field means
/// it, and a cookie comes along by itself. Throws core::DatabaseError.
std::optional<access::Session> session_of(const http::Request& request, const http::Peer& peer,
                                          const access::SessionStore& sessions, core::Time now);

/// What sharing is told of a session: whose it is, what it is worth, and how to find out whether it
/// is not over. `nullopt` for one that names no recipient or share as sharing writes them. `ports`
/// outlives it. Throws core::DatabaseError.
std::optional<sharing::SignedIn> signed_in_by(const http::Request& request,
                                              const access::Session& session, const Ports& ports);

/// Whether a page of ours sent it (Fetch Metadata, W3C): a browser lets no other page set the one
/// field, and lets no page set the other. What changes something and comes with a cookie, or gets
/// one, is taken from nobody else.
bool is_from_our_page(const http::Request& request);

/// Whether a page that is not ours sent it. Where a browser sends a cookie along for one, as for
/// pages of a host beside ours, it opens nothing: to read, too, is on record.
bool is_from_another_page(const http::Request& request);

/// Whether a browser may come with it as somebody goes from one page to another, in a window and
/// not in a frame, whichever page has led it here.
bool is_arrival(const http::Request& request);

/// Begins a session in place of the one that the request has: its id was known to others, perhaps
/// from the beginning. Its cookie; `nullopt`, and none has begun, where the person was disabled
/// meanwhile. Throws core::DatabaseError.
std::optional<http::SetCookie> begin_session(access::Session session, const http::Request& request,
                                             const http::Peer& peer, const Ports& ports,
                                             core::Time now);

/// Has the browser forget all that it has of us.
void clear_browser(http::Response& response);

}  // namespace sekisho::gateway
