// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "gateway/routes.h"
#include "sharing/share.h"

/// Who may do what at the recipient door, written down a second time and by nothing that the door
/// itself reads: door_matrix_test.cpp holds the one against the other.
namespace sekisho::tests {

using sharing::Assurance;

/// Whose it is, as far as the matrix has people.
enum class Owner { clinic, other };

/// What sort of caller a credential makes.
enum class As { machine, link, person };

/// A credential in one of its states.
struct CredentialRow {
  std::string_view name;
  std::string_view denial;  ///< in the log, where it lets nobody in; else empty
  Assurance worth = Assurance::link;
  As as = As::machine;
  Owner owner = Owner::clinic;
  std::string_view person{};  ///< who has signed in, as far as a share is for them
  bool has_passkey = false;
  /// What a token was made for.
  sharing::Permissions may{
      .view = true, .download = true, .give_back = true, .give_back_documents = true};
  enum class Opens { all, linked, none } opens = Opens::all;  ///< `linked`: kForLinks alone
};
using Opens = CredentialRow::Opens;
/// A token for less than its recipient may.
constexpr CredentialRow narrow(std::string_view name, const sharing::Permissions& may,
                               Opens opens = Opens::all) {
  return {name, "", Assurance::password, As::machine, Owner::clinic, "", false, may, opens};
}
inline constexpr sharing::Permissions kAnything = CredentialRow{}.may;
inline constexpr CredentialRow kCredentials[] = {
    {"nothing", "unknown_credential"},
    {"a made-up cookie", "unknown_credential"},
    {"a session by link", "", Assurance::link, As::link},
    {"a session by password", "", Assurance::password, As::person, Owner::clinic, "sato"},
    {"a session by password of who has a passkey", "", Assurance::password, As::person,
     Owner::clinic, "", true},
    {"a session by two factors", "", Assurance::password_totp, As::person},
    {"a session by an identity provider", "", Assurance::password, As::person},
    {"a session that was ended", "unknown_credential"},
    {"a session that was idle too long", "unknown_credential"},
    {"a session that is eight hours old", "unknown_credential"},
    {"a session of the other address family", "unknown_credential"},
    {"a session from another network", "foreign_network"},
    {"a session that another page sends", "foreign_page"},
    {"a session beside a made-up token", "unknown_credential"},
    {"a session beside a certificate of others", "contradicting_credentials"},
    {"a session beside a certificate", "", Assurance::certificate, As::person, Owner::clinic,
     "sato"},
    {"a link as a token", "", Assurance::link, As::link},
    {"a made-up token", "unknown_credential"},
    {"a token", "", Assurance::password},
    {"a token that has expired", "expired_credential"},
    {"a token that was revoked", "expired_credential"},
    {"a token from another network", "foreign_network"},
    {"a token of a disabled recipient", "disabled_recipient"},
    {"a token of another recipient", "", Assurance::password, As::machine, Owner::other},
    {"a certificate", "", Assurance::certificate},
    {"a certificate that nobody enrolled", "unknown_credential"},
    {"a certificate that has expired", "expired_credential"},
    {"a token beside a certificate", "", Assurance::certificate},
    narrow("a token to view", {.view = true}),
    narrow("a token to download", {.download = true}),
    narrow("a token to give back", {.give_back = true}),
    narrow("a token to give back documents", {.give_back_documents = true}),
    narrow("a token for one share", kAnything, Opens::linked),
    narrow("a token to view one share", {.view = true}, Opens::linked),
    narrow("a token for another share", kAnything, Opens::none),
    {"a token for another share beside a certificate", "", Assurance::certificate, As::machine,
     Owner::clinic, "", false, kAnything, Opens::none},
    {"a token beside a certificate of others", "contradicting_credentials"},
};

/// A share in one of its states.
struct ShareRow {
  std::string_view name;
  std::string_view denial;  ///< where it opens for nobody; else empty
  Assurance demanded = Assurance::link;
  Owner owner = Owner::clinic;
  std::string_view person{};  ///< the only one of the recipient for whom it is; empty: for all
};
inline constexpr ShareRow kShares[] = {
    {"for who has the link", ""},
    {"for who has a password", "", Assurance::password},
    {"for who has two factors", "", Assurance::password_totp},
    {"for who has a certificate", "", Assurance::certificate},
    {"of another recipient", "", Assurance::link, Owner::other},
    {"for one person", "", Assurance::password, Owner::clinic, "sato"},
    {"for one person who is not here", "", Assurance::password, Owner::clinic, "tanaka"},
    {"not yet valid", "not_yet_valid"},
    {"not approved", "unapproved_share"},
    {"expired", "expired_share"},
    {"revoked", "revoked_share"},
    {"used up", "used_up_share"},
    {"that nobody made", "unknown_share"},
};
inline constexpr const ShareRow& kForLinks = kShares[0];
inline constexpr const ShareRow& kForPasswords = kShares[1];

struct RightsRow {
  std::string_view name;
  sharing::Permissions permissions;
};
inline constexpr RightsRow kRights[] = {
    {"all", {.view = true, .download = true, .give_back = true, .give_back_documents = true}},
    {"view", {.view = true}},
    {"download", {.download = true}},
    {"return", {.give_back = true}},
    {"return-documents", {.give_back_documents = true}},
};

enum class Act { look, fetch, give_back };
struct ResourceRow {
  http::Method method;
  std::string_view path;  ///< below a share's root
  Act act;
};
inline constexpr ResourceRow kResources[] = {
    {http::Method::get, "/studies", Act::look},
    {http::Method::get, "/studies/1.2.3", Act::fetch},
    {http::Method::get, "/studies/1.2.3/metadata", Act::look},
    {http::Method::post, "/studies", Act::give_back},
    {http::Method::get, "/series", Act::look},
    {http::Method::get, "/instances", Act::look},
    {http::Method::get, "/studies/1.2.3/series", Act::look},
    {http::Method::get, "/studies/1.2.3/instances", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4", Act::fetch},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5", Act::fetch},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/metadata", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/metadata", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/1", Act::fetch},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/bulkdata/7FE00010",
     Act::fetch},
    {http::Method::get, "/studies/1.2.3/rendered", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/rendered", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/rendered", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/1/rendered",
     Act::look},
    {http::Method::get, "/studies/1.2.3/thumbnail", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/thumbnail", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/thumbnail", Act::look},
    {http::Method::get, "/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/1/thumbnail",
     Act::look},
    {http::Method::post, "/studies/1.2.3", Act::give_back},
};
/// One of each act and of each kind of answer.
inline constexpr std::span<const ResourceRow> kOfEachKind{kResources, 4};

constexpr bool permits(const sharing::Permissions& permissions, Act act) {
  switch (act) {
    case Act::look:
      return permissions.view || permissions.download;
    case Act::fetch:
      return permissions.download;
    case Act::give_back:
      return permissions.give_back;  // return-documents is for those who may return anything
  }
  return false;
}

constexpr sharing::Permissions both(const sharing::Permissions& one,
                                    const sharing::Permissions& other) {
  return {one.view && other.view, one.download && other.download, one.give_back && other.give_back,
          one.give_back_documents && other.give_back_documents};
}

/// Why the door refuses, as the log has it; empty where it answers.
constexpr std::string_view refusal(const CredentialRow& shown, const ShareRow& share,
                                   const sharing::Permissions& permissions, Act act) {
  if (!shown.denial.empty()) return shown.denial;
  if (share.denial == "unknown_share") return share.denial;
  const bool is_own = shown.owner == share.owner;
  if (!is_own || (shown.as == As::link && &share != &kForLinks)) return "foreign_share";
  if (shown.opens == Opens::none || (shown.opens == Opens::linked && &share != &kForLinks)) {
    return "narrow_token";
  }
  if (!share.person.empty() && share.person != shown.person) return "other_person";
  if (!share.denial.empty()) return share.denial;
  if (shown.worth < share.demanded) return "weak_assurance";
  if (!permits(permissions, act)) return "missing_permission";
  return permits(both(permissions, shown.may), act) ? "" : "narrow_token";
}

/// What is not below a share: for whom it is.
struct CallRow {
  http::Method method;
  std::string_view pattern;
  gateway::Caller caller;
};
inline constexpr CallRow kCalls[] = {
    {http::Method::get, "/", gateway::Caller::visitor},
    {http::Method::get, "/s/{share}", gateway::Caller::visitor},
    {http::Method::get, "/i/{invitation}", gateway::Caller::visitor},
    {http::Method::get, "/r/{reset}", gateway::Caller::visitor},
    {http::Method::get, "/out", gateway::Caller::anybody},
    {http::Method::get, "/app/{file}", gateway::Caller::visitor},
    {http::Method::get, "/api/door", gateway::Caller::visitor},
    {http::Method::get, "/receipts/{log}/{more...}", gateway::Caller::identified},
    {http::Method::get, "/audit/{file...}", gateway::Caller::identified},
    {http::Method::post, "/api/session", gateway::Caller::anybody},
    {http::Method::get, "/api/session", gateway::Caller::session},
    {http::Method::erase, "/api/session", gateway::Caller::session},
    {http::Method::get, "/api/me", gateway::Caller::person},
    {http::Method::get, "/api/shares", gateway::Caller::identified},
    {http::Method::get, "/api/returns", gateway::Caller::identified},
    {http::Method::get, "/api/sessions", gateway::Caller::person},
    {http::Method::erase, "/api/sessions", gateway::Caller::person},
    {http::Method::erase, "/api/sessions/{session}", gateway::Caller::person},
    {http::Method::post, "/api/password", gateway::Caller::owner},
    {http::Method::post, "/api/totp", gateway::Caller::owner},
    {http::Method::post, "/api/totp/enrol", gateway::Caller::owner},
    {http::Method::post, "/api/totp/remove", gateway::Caller::owner},
    {http::Method::post, "/api/password/reset", gateway::Caller::anybody},
    {http::Method::post, "/api/session/passkey", gateway::Caller::anybody},
    {http::Method::get, "/api/session/openid", gateway::Caller::anybody},
    {http::Method::post, "/api/session/openid", gateway::Caller::anybody},
    {http::Method::get, "/api/session/openid/return", gateway::Caller::anybody},
    {http::Method::post, "/api/passkeys/begin", gateway::Caller::owner},
    {http::Method::post, "/api/passkeys", gateway::Caller::owner},
    {http::Method::get, "/api/passkeys", gateway::Caller::person},
    {http::Method::erase, "/api/passkeys/{passkey}", gateway::Caller::owner},
    {http::Method::post, "/api/application-passwords", gateway::Caller::owner},
    {http::Method::get, "/api/application-passwords", gateway::Caller::person},
    {http::Method::erase, "/api/application-passwords/{password}", gateway::Caller::person},
};

constexpr std::string_view refusal(const CredentialRow& shown, gateway::Caller caller) {
  if (caller == gateway::Caller::visitor) return "";  // whatever is shown beside a known address
  if (!shown.denial.empty()) return shown.denial;
  const bool by_cookie = shown.name.find("session") != std::string_view::npos;
  switch (caller) {
    case gateway::Caller::visitor:
    case gateway::Caller::anybody:
    case gateway::Caller::identified:
      return "";
    case gateway::Caller::session:
      return by_cookie ? "" : "no_session";
    case gateway::Caller::person:
    case gateway::Caller::owner:
      if (!by_cookie) return "no_session";
      if (shown.as != As::person) return "no_person";
      // Whoever has the password of somebody who has a passkey is not known to be them.
      if (caller == gateway::Caller::owner && shown.has_passkey &&
          shown.worth < Assurance::password_totp) {
        return "weak_assurance";
      }
      return "";
  }
  return "";
}

}  // namespace sekisho::tests
