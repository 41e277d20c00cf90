// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/sessions.h"

#include <utility>

#include "access/secret_text.h"

namespace sekisho::gateway {
namespace {

std::optional<core::Sha256> cookie_hash(const http::Request& request) {
  const auto cookie = http::cookie_of(request, kSessionCookie);
  if (!cookie) return std::nullopt;
  return access::secret_hash(access::SecretKind::session, *cookie);
}

sharing::Assurance assurance_of(access::Level level) {
  switch (level) {
    case access::Level::link:
      return sharing::Assurance::link;
    case access::Level::password:
      return sharing::Assurance::password;
    case access::Level::password_totp:
      return sharing::Assurance::password_totp;
  }
  return sharing::Assurance::link;
}

}  // namespace

std::optional<access::Session> session_of(const http::Request& request, const http::Peer& peer,
                                          const access::SessionStore& sessions, core::Time now) {
  if (!request.field("authorization").empty()) return std::nullopt;
  const auto hash = cookie_hash(request);
  if (!hash) return std::nullopt;
  auto session = sessions.find(*hash, now);
  if (session && session->family != access::family_of(peer.source)) return std::nullopt;
  return session;
}

std::optional<sharing::SignedIn> signed_in_by(const http::Request& request,
                                              const access::Session& session, const Ports& ports) {
  const auto recipient = sharing::RecipientId::parse(session.recipient);
  const auto hash = cookie_hash(request);
  if (!recipient || !hash) return std::nullopt;
  sharing::SignedIn signed_in;
  signed_in.session = session.id.text();
  signed_in.recipient = *recipient;
  signed_in.assurance = assurance_of(session.level);
  if (session.began_by == access::BeganBy::provider) signed_in.by = sharing::SignedIn::By::provider;
  if (session.person) {
    const auto person = ports.access.people->find(*session.person);
    if (!person) return std::nullopt;
    signed_in.person = person->id.text();
    signed_in.person_name = person->name;
  } else {
    signed_in.only_share = sharing::ShareId::parse(session.share);
    if (!signed_in.only_share) return std::nullopt;
  }
  signed_in.holds = [&sessions = *ports.access.sessions, hash = *hash](core::Time now) {
    const auto found = sessions.find(hash, now);
    if (!found) return false;
    // Asked while something is on its way to them: an hour's download is no idle hour.
    if (now - found->used_at >= access::kNotedEvery) sessions.note_use(found->id, now);
    return true;
  };
  return signed_in;
}

bool is_from_our_page(const http::Request& request) {
  return request.field("sekisho-page") == "1" && request.field("sec-fetch-site") == "same-origin";
}

bool is_from_another_page(const http::Request& request) {
  const std::string site = request.field("sec-fetch-site");
  return !site.empty() && site != "same-origin" && site != "none";
}

bool is_arrival(const http::Request& request) {
  const std::string mode = request.field("sec-fetch-mode");
  const std::string destination = request.field("sec-fetch-dest");
  return (mode.empty() || mode == "navigate") && (destination.empty() || destination == "document");
}

std::optional<http::SetCookie> begin_session(access::Session session, const http::Request& request,
                                             const http::Peer& peer, const Ports& ports,
                                             core::Time now) {
  access::SessionStore& sessions = *ports.access.sessions;
  if (const auto before = session_of(request, peer, sessions, now)) sessions.end(before->id);
  const access::NewSecret secret = access::new_secret(access::SecretKind::session);
  session.family = access::family_of(peer.source);
  session.source = peer.source.text();
  session.user_agent = request.field("user-agent").substr(0, kLongestUserAgent);
  session.used_at = now;
  if (!sessions.begin(session, secret.hash)) return std::nullopt;
  return http::SetCookie(kSessionCookie, secret.text);
}

void clear_browser(http::Response& response) {
  response.cookies.push_back(http::SetCookie::forgotten(kSessionCookie));
  // W3C Clear Site Data §3.1. Support for "cache" differs: no-store is what counts.
  response.headers.emplace_back("Clear-Site-Data", R"("cache", "cookies", "storage")");
}

}  // namespace sekisho::gateway
