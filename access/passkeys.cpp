// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/passkeys.h"

#include <algorithm>
#include <utility>

#include "access/authenticator_data.h"
#include "access/client_data.h"
#include "core/encoding.h"

namespace sekisho::access {
namespace {

constexpr std::string_view kSignIn = "sign in";

std::string enrolment(const SessionId& session) { return "enrol in " + session.text(); }

}  // namespace

core::Bytes Passkeys::user_handle(const PersonId& person) {
  return core::from_hex(person.text()).value();
}

std::variant<std::string, Refusal> Passkeys::offer(const Person& person, const SessionId& session,
                                                   std::string_view password,
                                                   const core::IpAddress& source, core::Time now) {
  const Claimant claimant{person.login, source};
  const auto checked = check_.check(claimant, &person, password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  check_.settle(claimant);
  return challenges_.issue(enrolment(session), now);
}

std::variant<Passkey, Refusal> Passkeys::enrol(const Person& person, const SessionId& session,
                                               const NewPasskey& shown,
                                               const core::IpAddress& source, core::Time now,
                                               const Record& record) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  const auto said = core::from_base64url(shown.client_data);
  const auto data = core::from_base64url(shown.authenticator_data);
  if (!said || !data || !is_label(shown.name)) return Refusal::wrong_passkey;
  const auto client = read_client_data(core::as_text(*said), Ceremony::create, party_);
  if (const auto* refusal = std::get_if<Refusal>(&client)) return *refusal;
  const std::string& challenge = std::get<ClientData>(client).challenge;
  if (!challenges_.is_open(challenge, enrolment(session), now)) return Refusal::stale_challenge;
  auto read = read_new_passkey(*data, party_.id);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
  auto passkey = std::get<Passkey>(std::move(read));
  const bool is_known = stores_.passkeys->find(passkey.credential).has_value();
  if (is_known || person.passkeys >= kMostPasskeys) return Refusal::known_passkey;
  if (!challenges_.spend(challenge, now)) return Refusal::stale_challenge;
  passkey.id = PasskeyId::random();
  passkey.person = person.id;
  passkey.name = shown.name;
  passkey.created_at = now;
  record(person);
  if (!stores_.passkeys->insert(passkey)) return Refusal::known_passkey;
  check_.settle_at_site(source);
  return passkey;
}

bool Passkeys::remove(const Person& person, std::string_view id, const Record& record) {
  const auto wanted = PasskeyId::parse(id);
  const auto own = stores_.passkeys->of_person(person.id);
  const bool is_theirs = wanted && std::ranges::find(own, *wanted, &Passkey::id) != own.end();
  if (!is_theirs) return false;
  record(person);
  return stores_.passkeys->remove(person.id, *wanted);
}

std::string Passkeys::challenge(core::Time now) const { return challenges_.issue(kSignIn, now); }

std::variant<Admitted, Refusal> Passkeys::sign_in(const SignedPasskey& shown,
                                                  const core::IpAddress& source,
                                                  const MayCome& may_come, core::Time now) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  auto answer = check(shown, may_come, now);
  if (std::holds_alternative<Admitted>(answer)) check_.settle_at_site(source);
  return answer;
}

std::variant<Admitted, Refusal> Passkeys::check(const SignedPasskey& shown, const MayCome& may_come,
                                                core::Time now) {
  const auto credential = core::from_base64url(shown.credential);
  const auto said = core::from_base64url(shown.client_data);
  const auto data = core::from_base64url(shown.authenticator_data);
  const auto signature = core::from_base64url(shown.signature);
  const auto user_handle = core::from_base64url(shown.user_handle);
  if (!credential || !said || !data || !signature || !user_handle) return Refusal::wrong_passkey;
  const auto client = read_client_data(core::as_text(*said), Ceremony::get, party_);
  if (const auto* refusal = std::get_if<Refusal>(&client)) return *refusal;
  const auto& [challenge, hash] = std::get<ClientData>(client);
  if (!challenges_.is_open(challenge, kSignIn, now)) return Refusal::stale_challenge;
  const auto passkey = stores_.passkeys->find(*credential);
  if (!passkey) return Refusal::unknown_passkey;
  auto person = stores_.people->find(passkey->person);
  // §7.2 step 6: nobody is named beforehand, so the authenticator says whose it is.
  if (!person || *user_handle != Passkeys::user_handle(person->id)) return Refusal::wrong_passkey;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  const auto verified = verify_assertion({*data, *signature, hash}, *passkey, party_.id);
  if (const auto* refusal = std::get_if<Refusal>(&verified)) return *refusal;
  if (!challenges_.spend(challenge, now)) return Refusal::stale_challenge;
  if (person->disabled_at) return Refusal::disabled_person;
  if (!stores_.passkeys->use(passkey->id, std::get<std::uint32_t>(verified), now)) {
    return Refusal::copied_passkey;
  }
  return Admitted{*std::move(person), Level::password_totp, SecondFactor::passkey, passkey->id};
}

}  // namespace sekisho::access
