// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/session_routes.h"

#include <array>
#include <string>
#include <utility>
#include <variant>

#include "access/password_resets.h"
#include "access/relying_party.h"
#include "access/sign_in.h"
#include "gateway/beginnings.h"
#include "gateway/forms.h"
#include "gateway/passkey_routes.h"
#include "gateway/session_json.h"
#include "gateway/sessions.h"
#include "http/response.h"
#include "sharing/authorize.h"

namespace sekisho::gateway {
namespace {

using access::Refusal;
using audit::EventCode;

http::Response sign_in_by_password(Call& call, const Form& form) {
  access::SignIn door(call.ports.access, call.ports.hasher);
  const access::Credentials shown{form.text("Login"), form.text("Password"), form.text("Code"),
                                  form.text("RecoveryCode")};
  auto answer = door.by_password(shown, call.peer.source, may_come(call), call.now);
  if (const auto* admitted = std::get_if<access::Admitted>(&answer)) return begin(call, *admitted);
  // The log may know whose name it was; what was typed it must not, which may be a password.
  const auto login = access::parse_login(shown.login);
  const auto claimed = login ? call.ports.access.people->find_by_login(*login) : std::nullopt;
  const Refusal refusal = std::get<Refusal>(answer);
  const bool password_was_right =
      refusal == Refusal::missing_code || refusal == Refusal::wrong_code;
  if (password_was_right && claimed && claimed->totp_since) {
    call.tell(claimed->id, access::Notice::password_was_right);
  }
  return refuse(call, refusal, claimed ? &*claimed : nullptr);
}

/// Puts on record that a password is chosen by `secret`, which is no password.
access::Record recorder(const Call& call, const char* secret) {
  return [&call, secret](const access::Person& person) {
    audit::Event event = call.event(EventCode::credential_change, person);
    event.facts["change"] = secret;
    call.ports.log.append(event);
  };
}

/// The answer to somebody who has chosen a password.
http::Response answer_to(
    const Call& call, const std::variant<access::Admitted, Refusal, access::PasswordFlaw>& answer) {
  if (const auto* flaw = std::get_if<access::PasswordFlaw>(&answer)) {
    return flawed_password(access::name(*flaw));
  }
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal, nullptr);
  const auto& admitted = std::get<access::Admitted>(answer);
  call.tell(admitted.person.id, access::Notice::credential_changed);
  return begin(call, admitted);
}

http::Response sign_in_by_passkey(Call& call, const Form& form) {
  const auto answer = admit_by_passkey(call, form, may_come(call));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refuse(call, *refusal, nullptr);
  return begin(call, std::get<access::Admitted>(answer));
}

http::Response sign_in_by_invitation(Call& call, const Form& form) {
  access::SignIn door(call.ports.access, call.ports.hasher);
  return answer_to(
      call, door.by_invitation(form.text("Invitation"), form.text("Password"), call.peer.source,
                               may_come(call), call.now, recorder(call, "invitation")));
}

http::Response sign_in_by_reset(Call& call, const Form& form) {
  access::SignIn door(call.ports.access, call.ports.hasher);
  const access::Credentials shown{"", form.text("Password"), form.text("Code"),
                                  form.text("RecoveryCode")};
  return answer_to(call, door.by_reset(form.text("Reset"), shown, call.peer.source, may_come(call),
                                       call.now, recorder(call, "reset")));
}

/// A link alone opens a share that demands no more. Opening it uses nothing up.
http::Response sign_in_by_link(Call& call, const Form& form) {
  access::SignIn door(call.ports.access, call.ports.hasher);
  if (!door.begin_unnamed(call.peer.source, call.now)) {
    return call.refuse(access::name(Refusal::blocked_site));
  }
  auto identified = sharing::authenticate({call.peer.source, std::nullopt, form.text("Link")},
                                          call.ports.recipients, call.ports.shares, call.now);
  if (const auto* denial = std::get_if<sharing::Denial>(&identified)) return call.refuse(*denial);
  auto& who = std::get<sharing::Authenticated>(identified);
  if (!who.only_share()) return call.refuse(sharing::Denial::unknown_credential);
  call.who = who;
  const auto share = call.ports.shares.find(*who.only_share());
  if (!share) return call.refuse(sharing::Denial::unknown_share);
  if (share->assurance != sharing::Assurance::link) {
    return call.refuse(sharing::Denial::weak_assurance);
  }
  if (const auto denial = sharing::not_valid(*share, call.now)) return call.refuse(*denial);
  door.settle_unnamed(call.peer.source);
  access::Session session = new_session(call);
  session.recipient = who.recipient().id.text();
  session.share = share->id.text();
  audit::Event event = call.event(EventCode::session_begin);
  event.share_id = session.share;
  return begin(call, session, std::move(event));
}

}  // namespace

std::optional<http::Response> take_form(Call& call) {
  if (call.who || call.is_from_known_network()) return std::nullopt;
  return call.refuse(sharing::Denial::foreign_network);
}

http::Response sign_in(Call& call) {
  if (!call.is_from_known_network()) return call.refuse(sharing::Denial::foreign_network);
  const auto form = Form::read(
      call.request, {"Login", "Password", "Code", "RecoveryCode", "Invitation", "Reset", "Link",
                     "Passkey", "ClientData", "AuthenticatorData", "Signature", "UserHandle"});
  if (!form) return call.refuse("malformed_form");
  struct Way {
    const char* key;
    http::Response (*sign_in)(Call&, const Form&);
  };
  constexpr Way kWays[] = {{"Login", sign_in_by_password},
                           {"Invitation", sign_in_by_invitation},
                           {"Reset", sign_in_by_reset},
                           {"Link", sign_in_by_link},
                           {"Passkey", sign_in_by_passkey}};
  const Way* chosen = nullptr;
  for (const Way& way : kWays) {
    if (!form->has(way.key)) continue;
    if (chosen != nullptr) return call.refuse("malformed_form");
    chosen = &way;
  }
  return chosen == nullptr ? call.refuse("malformed_form") : chosen->sign_in(call, *form);
}

http::Response ask_for_reset(Call& call) {
  if (!call.is_from_known_network()) return call.refuse(sharing::Denial::foreign_network);
  const auto form = Form::read(call.request, {"Login"});
  if (!form || !form->has("Login")) return call.refuse("malformed_form");
  access::ResetRequest request;
  request.login = form->text("Login");
  request.source = call.peer.source.text();
  request.request_id = call.request.id;
  request.user_agent = call.request.field("user-agent").substr(0, kLongestUserAgent);
  request.asked_at = call.now;
  const auto refusal = access::PasswordResets(call.ports.access).ask(request, call.peer.source);
  if (refusal) call.record_denial(access::name(*refusal));
  return json_response(202, Json::objectValue);
}

http::Response show_session(Call& call) {
  return json_response(200, to_json(*call.session, call.now));
}

http::Response show_door(Call& call) {
  Json::Value json;
  json["Institution"] = call.plate.institution;
  json["Contact"] = call.plate.contact;
  json["Passkeys"] = access::relying_party_of(call.public_url).has_value();
  if (call.ports.provider != nullptr) json["Provider"] = call.ports.provider->options().name;
  json["SignedIn"] =
      is_from_our_page(call.request) &&
      session_of(call.request, call.peer, *call.ports.access.sessions, call.now).has_value();
  return json_response(200, json);
}

http::Response sign_out(Call& call) {
  const auto person =
      call.session->person ? call.ports.access.people->find(*call.session->person) : std::nullopt;
  audit::Event event =
      person ? call.event(EventCode::session_end, *person) : call.event(EventCode::session_end);
  event.share_id = call.session->share;
  event.facts["session"] = call.session->id.text();
  call.ports.log.append(event);
  call.ports.access.sessions->end(call.session->id);
  http::Response response;
  response.status = 204;
  clear_browser(response);
  return response;
}

}  // namespace sekisho::gateway
