// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/account_changes.h"

#include <utility>

#include "gateway/forms.h"
#include "gateway/session_json.h"
#include "gateway/sessions.h"

namespace sekisho::gateway {

using access::Refusal;
using audit::EventCode;

http::Response refuse(const Call& call, Refusal refusal) {
  if (refusal == Refusal::busy) return http::no_room_response();
  return call.refuse(access::name(refusal));
}

access::Session next_session(const Call& call, access::Level level) {
  access::Session session = *call.session;
  session.id = access::SessionId::random();
  session.level = level;
  return session;
}

access::Record recorder(const Call& call, const char* change, const access::Session& next) {
  return [&call, &next, change](const access::Person& person) {
    audit::Event event = call.event(EventCode::credential_change, person);
    event.facts["change"] = change;
    event.facts["session"] = call.session->id.text();
    call.ports.log.append(event);
    audit::Event begun = call.event(EventCode::session_begin, person);
    begun.authentication = access::authentication(next);
    begun.facts["session"] = next.id.text();
    call.ports.log.append(begun);
  };
}

http::Response go_on(const Call& call, access::Session session, Json::Value json) {
  call.tell(call.person->id, access::Notice::credential_changed);
  auto cookie = begin_session(session, call.request, call.peer, call.ports, call.now);
  if (!cookie) return call.refuse(access::name(Refusal::disabled_person));
  session.used_at = call.now;
  json["Session"] = to_json(session, call.now);
  http::Response response = json_response(200, json);
  response.cookies.push_back(*std::move(cookie));
  return response;
}

}  // namespace sekisho::gateway
