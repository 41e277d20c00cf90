// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/beginnings.h"

#include <algorithm>
#include <utility>

#include "gateway/forms.h"
#include "gateway/session_json.h"
#include "gateway/sessions.h"
#include "sharing/authenticate.h"

namespace sekisho::gateway {
namespace {

using access::Refusal;
using audit::EventCode;

std::string_view name(access::SecondFactor by) {
  switch (by) {
    case access::SecondFactor::none:
      return {};
    case access::SecondFactor::code:
      return "code";
    case access::SecondFactor::recovery_code:
      return "recovery_code";
    case access::SecondFactor::passkey:
      return "passkey";
    case access::SecondFactor::provider:
      return "provider";
  }
  return {};
}

/// Whether what was compared is what the person signs in with now.
bool holds_still(const Call& call, const access::Person& admitted) {
  const auto person = call.ports.access.people->find(admitted.id);
  return person && person->password_set_at == admitted.password_set_at &&
         person->totp_since == admitted.totp_since;
}

bool holds_still(const Call& call, const access::Admitted& admitted) {
  if (!holds_still(call, admitted.person)) return false;
  if (admitted.identity) {
    const auto linked = call.ports.access.identities->find(*admitted.identity);
    if (!linked || linked->person != admitted.person.id) return false;
  }
  const auto own = call.ports.access.passkeys->of_person(admitted.person.id);
  return !admitted.passkey ||
         std::ranges::find(own, *admitted.passkey, &access::Passkey::id) != own.end();
}

}  // namespace

access::MayCome may_come(const Call& call) {
  return [&call](const std::string& recipient) {
    const auto id = sharing::RecipientId::parse(recipient);
    const auto known = id ? call.ports.recipients.find(*id) : std::nullopt;
    return known && sharing::admits(*known, call.peer.source);
  };
}

http::Response refuse(const Call& call, Refusal refusal, const access::Person* claimed) {
  if (refusal == Refusal::busy) return http::no_room_response();
  return call.refuse(access::name(refusal), claimed);
}

access::Session new_session(const Call& call) {
  access::Session session;
  session.id = access::SessionId::random();
  session.begun_at = call.now;
  return session;
}

http::Response begin(const Call& call, const access::Session& session, audit::Event event) {
  event.authentication = access::authentication(session);
  event.facts["session"] = session.id.text();
  call.ports.log.append(event);
  auto cookie = begin_session(session, call.request, call.peer, call.ports, call.now);
  if (!cookie) return call.refuse(access::name(Refusal::disabled_person));
  http::Response response = json_response(201, to_json(session, call.now));
  response.cookies.push_back(*std::move(cookie));
  return response;
}

http::Response begin(const Call& call, const access::Admitted& admitted) {
  access::Session session = new_session(call);
  session.recipient = admitted.person.recipient;
  session.person = admitted.person.id;
  session.level = admitted.level;
  if (admitted.identity) session.began_by = access::BeganBy::provider;
  audit::Event event = call.event(EventCode::session_begin, admitted.person);
  const std::string_view by = name(admitted.by);
  if (!by.empty()) event.facts["second_factor"] = by;
  if (admitted.passkey) event.facts["passkey"] = admitted.passkey->text();
  http::Response response = begin(call, session, std::move(event));
  // A change that came while the password was compared has ended the sessions that were there then.
  if (response.status == 201 && !holds_still(call, admitted)) {
    call.ports.access.sessions->end(session.id);
    const Refusal why = admitted.identity ? Refusal::unknown_identity : Refusal::wrong_password;
    return call.refuse(access::name(why), &admitted.person);
  }
  return response;
}

}  // namespace sekisho::gateway
