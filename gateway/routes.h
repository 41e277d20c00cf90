// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gateway/account_routes.h"
#include "gateway/application_password_routes.h"
#include "gateway/call.h"
#include "gateway/dicomweb_roots.h"
#include "gateway/forms.h"
#include "gateway/log_roots.h"
#include "gateway/openid_routes.h"
#include "gateway/page_routes.h"
#include "gateway/passkey_routes.h"
#include "gateway/return_routes.h"
#include "gateway/session_routes.h"
#include "http/path_match.h"

namespace sekisho::gateway {

enum class Caller {
  /// Whoever comes from where a recipient may be. No credential is looked at and none is given, so
  /// that it does not matter either which page leads here: links in letters do.
  visitor,
  anybody,     ///< who shows no credential too
  identified,  ///< sharing::authenticate() knows them; whoever else asks is refused, on record
  session,     ///< the same, by a session
  person,      ///< the same, of a person
  /// The same, by two factors if they have a passkey: of whoever knows their password alone nobody
  /// knows whether it is them.
  owner,
};

/// What a request means for the session that it comes with.
enum class Use {
  noted,    ///< somebody is there: it goes on
  unnoted,  ///< asks how long it goes on
};

/// From which pages a request is taken that comes with a session, or may get one.
enum class From {
  our_pages,
  any_page,  ///< that leads a browser here; its handler knows whether it began here
};

/// One resource of the door and one thing that can be done to it.
struct Route {
  http::Method method;  ///< get: HEAD too (RFC 9110 §9.3.2)
  std::string_view pattern;
  Caller caller;
  http::Response (*answer)(Call&);
  /// Before a body is read; null where none is taken.
  std::optional<http::Response> (*judge_body)(Call&) = nullptr;
  std::uint64_t body_bytes = UINT64_MAX;  ///< of what it takes, if that is less than the door takes
  Use use = Use::noted;
  From from = From::our_pages;
};

/// The whole recipient door on one screen. What is not listed is 404.
inline constexpr Route kRoutes[] = {
    {http::Method::get, "/", Caller::visitor, show_page},
    {http::Method::get, "/s/{share}", Caller::visitor, show_page},
    {http::Method::get, "/i/{invitation}", Caller::visitor, show_page},
    {http::Method::get, "/r/{reset}", Caller::visitor, show_page},
    {http::Method::get, "/out", Caller::anybody, show_farewell},
    {http::Method::get, "/app/{file}", Caller::visitor, show_code},
    {http::Method::get, "/api/door", Caller::visitor, show_door},
    {http::Method::get, "/dicom-web/{resource...}", Caller::identified, answer_for_recipient},
    {http::Method::post, "/dicom-web/{resource...}", Caller::identified, answer_for_recipient,
     judge_body_for_recipient},
    {http::Method::get, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     answer_for_share},
    {http::Method::post, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     answer_for_share, judge_body_for_share},
    {http::Method::options, "/dicom-web/{resource...}", Caller::identified, tell_methods},
    {http::Method::options, "/shares/{share}/dicom-web/{resource...}", Caller::identified,
     tell_methods},
    {http::Method::get, "/receipts/{log}/{more...}", Caller::identified, show_receipt},
    {http::Method::get, "/audit/{file...}", Caller::identified, show_log_file},
    {http::Method::post, "/api/session", Caller::anybody, sign_in, take_form, kLargestForm_bytes},
    {http::Method::get, "/api/session", Caller::session, show_session, nullptr, 0, Use::unnoted},
    {http::Method::erase, "/api/session", Caller::session, sign_out},
    {http::Method::get, "/api/me", Caller::person, show_person},
    {http::Method::get, "/api/shares", Caller::identified, list_own_shares},
    {http::Method::get, "/api/returns", Caller::identified, list_returns},
    {http::Method::get, "/api/sessions", Caller::person, list_sessions},
    {http::Method::erase, "/api/sessions", Caller::person, end_other_sessions},
    {http::Method::erase, "/api/sessions/{session}", Caller::person, end_own_session},
    {http::Method::post, "/api/password", Caller::owner, change_password, take_form,
     kLargestForm_bytes},
    {http::Method::post, "/api/password/reset", Caller::anybody, ask_for_reset, take_form,
     kLargestForm_bytes},
    {http::Method::post, "/api/totp", Caller::owner, offer_totp, take_form, kLargestForm_bytes},
    {http::Method::post, "/api/totp/enrol", Caller::owner, enrol_totp, take_form,
     kLargestForm_bytes},
    {http::Method::post, "/api/totp/remove", Caller::owner, remove_totp, take_form,
     kLargestForm_bytes},
    {http::Method::post, "/api/session/passkey", Caller::anybody, offer_sign_in, take_form,
     kLargestForm_bytes},
    {http::Method::get, "/api/session/openid", Caller::anybody, show_provider},
    {http::Method::post, "/api/session/openid", Caller::anybody, go_to_provider, take_form,
     kLargestForm_bytes},
    {http::Method::get, "/api/session/openid/return", Caller::anybody, return_from_provider,
     nullptr, 0, Use::noted, From::any_page},
    {http::Method::post, "/api/passkeys/begin", Caller::owner, offer_passkey, take_form,
     kLargestForm_bytes},
    {http::Method::post, "/api/passkeys", Caller::owner, enrol_passkey, take_form,
     kLargestForm_bytes},
    {http::Method::get, "/api/passkeys", Caller::person, list_passkeys},
    {http::Method::erase, "/api/passkeys/{passkey}", Caller::owner, remove_passkey},
    {http::Method::post, "/api/application-passwords", Caller::owner, create_application_password,
     take_form, kLargestForm_bytes},
    {http::Method::get, "/api/application-passwords", Caller::person, list_application_passwords},
    {http::Method::erase, "/api/application-passwords/{password}", Caller::person,
     remove_application_password},
};
static_assert(std::all_of(std::begin(kRoutes), std::end(kRoutes),
                          [](const Route& route) { return http::is_pattern(route.pattern); }));

struct Found {
  const Route* route = nullptr;  ///< null: no such path, or nothing that this method does to it
  http::PathMatch path;          ///< of a row with this path, whatever its method
};

/// `path` as http::parse_target() makes it.
Found find_route(http::Method method, std::span<const std::string> path);

}  // namespace sekisho::gateway
