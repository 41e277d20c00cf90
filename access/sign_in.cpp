// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/sign_in.h"

#include <array>
#include <utility>

#include "access/one_time_code.h"
#include "access/recovery_codes.h"
#include "access/secret_text.h"

namespace sekisho::access {
namespace {

Admitted admitted_by(const Identity& identity, Level level, Person person) {
  const auto by = level == Level::password_totp ? SecondFactor::provider : SecondFactor::none;
  return {std::move(person), level, by, std::nullopt, identity};
}

}  // namespace

std::variant<Admitted, Refusal> SignIn::by_password(const Credentials& shown,
                                                    const core::IpAddress& source,
                                                    const MayCome& may_come, core::Time now) {
  // What nobody can have is counted and takes as long as what somebody might.
  const std::string login = parse_login(shown.login).value_or(shown.login);
  const Claimant claimant{login, source};
  auto person = stores_.people->find_by_login(login);
  if (person && !may_come(person->recipient)) {
    return check_.check_foreigner(claimant, shown.password, now);
  }
  auto checked = check_.check(claimant, person ? &*person : nullptr, shown.password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  const auto& passed = std::get<PasswordCheck::Passed>(checked);
  if (person->disabled_at) return Refusal::disabled_person;
  const auto factor = check_second_factor(*person, passed.secrets, shown, now);
  if (const auto* refusal = std::get_if<Refusal>(&factor)) return *refusal;
  check_.settle(claimant);
  if (hasher_.is_outdated(passed.secrets.password_hash)) {
    stores_.people->rehash(person->id, passed.secrets.password_hash,
                           hasher_.hash(passed.turn, shown.password));
  }
  const auto by = std::get<SecondFactor>(factor);
  const Level level = by == SecondFactor::none ? Level::password : Level::password_totp;
  return Admitted{*std::move(person), level, by};
}

std::variant<SecondFactor, Refusal> SignIn::check_second_factor(const Person& person,
                                                                const Secrets& secrets,
                                                                const Credentials& shown,
                                                                core::Time now) {
  const bool shows_some = !shown.code.empty() || !shown.recovery_code.empty();
  if (secrets.totp_box.empty()) {
    if (shows_some) return Refusal::wrong_code;
    return SecondFactor::none;
  }
  if (!shows_some) return Refusal::missing_code;
  if (!shown.code.empty() && !shown.recovery_code.empty()) return Refusal::wrong_code;
  if (!shown.recovery_code.empty()) {
    const auto hash = recovery_code_hash(shown.recovery_code);
    if (!hash || !stores_.people->use_recovery_code(person.id, *hash)) return Refusal::wrong_code;
    return SecondFactor::recovery_code;
  }
  const auto secret = stores_.key.open(person.id, secrets.totp_box);
  if (!secret)
    throw AccessKeyError("access.db holds a second factor that access.key does not open");
  const auto step = step_of_code(secret->view(), shown.code, now, secrets.last_step);
  if (!step || !stores_.people->use_step(person.id, *step)) return Refusal::wrong_code;
  return SecondFactor::code;
}

std::variant<PasswordHasher::Turn, Refusal, PasswordFlaw> SignIn::enter_to_choose(
    const Person& person, std::string_view password, Beside beside, const core::IpAddress& source) {
  const std::array<std::string, 2> words = {person.login, person.name};
  const PasswordFlaw flaw = judge_password(password, beside, words);
  if (flaw != PasswordFlaw::none) {
    check_.settle_at_site(source);
    return flaw;
  }
  if (auto turn = hasher_.enter(core::Network::site_of(source).text())) return *std::move(turn);
  check_.settle_at_site(source);
  return Refusal::busy;
}

std::variant<Admitted, Refusal, PasswordFlaw> SignIn::by_invitation(
    std::string_view secret, std::string_view password, const core::IpAddress& source,
    const MayCome& may_come, core::Time now, const Record& record) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  const auto hash = secret_hash(SecretKind::invitation, secret);
  if (!hash) return Refusal::unknown_invitation;
  auto person = stores_.people->invited(*hash, now);
  if (!person) return Refusal::unknown_invitation;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  auto entered = enter_to_choose(*person, password, Beside::nothing, source);
  if (const auto* flaw = std::get_if<PasswordFlaw>(&entered)) return *flaw;
  if (const auto* refusal = std::get_if<Refusal>(&entered)) return *refusal;
  const auto& turn = std::get<PasswordHasher::Turn>(entered);
  const std::string password_hash = hasher_.hash(turn, password);
  record(*person);
  if (!stores_.people->accept(*hash, password_hash, now)) {
    return Refusal::unknown_invitation;
  }
  check_.settle_at_site(source);
  person->password_set_at = now;
  person->totp_since.reset();
  person->recovery_codes_left = 0;
  person->passkeys = 0;
  return Admitted{*std::move(person), Level::password, SecondFactor::none};
}

std::variant<Admitted, Refusal, PasswordFlaw> SignIn::by_reset(
    std::string_view secret, const Credentials& shown, const core::IpAddress& source,
    const MayCome& may_come, core::Time now, const Record& record) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  const auto hash = secret_hash(SecretKind::reset, secret);
  auto person = hash ? stores_.people->resetting(*hash, now) : std::nullopt;
  if (!person) return Refusal::unknown_reset;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  const auto secrets = stores_.people->secrets(person->id);
  if (!secrets) return Refusal::unknown_reset;
  const Beside beside = secrets->totp_box.empty() ? Beside::nothing : Beside::second_factor;
  auto entered = enter_to_choose(*person, shown.password, beside, source);
  if (const auto* flaw = std::get_if<PasswordFlaw>(&entered)) return *flaw;
  if (const auto* refusal = std::get_if<Refusal>(&entered)) return *refusal;
  const auto& turn = std::get<PasswordHasher::Turn>(entered);
  const Claimant claimant{person->login, source};
  if (!check_.begin_of_account(claimant, now)) return Refusal::blocked_person;
  const auto factor = check_second_factor(*person, *secrets, shown, now);
  if (const auto* refusal = std::get_if<Refusal>(&factor)) return *refusal;
  const std::string password_hash = hasher_.hash(turn, shown.password);
  record(*person);
  if (!stores_.people->reset_password(*hash, password_hash, now)) return Refusal::unknown_reset;
  check_.settle(claimant);
  person->password_set_at = now;
  const auto by = std::get<SecondFactor>(factor);
  const Level level = by == SecondFactor::none ? Level::password : Level::password_totp;
  return Admitted{*std::move(person), level, by};
}

std::variant<Admitted, Refusal> SignIn::by_identity(const Identity& identity, Level level,
                                                    const MayCome& may_come, core::Time now) {
  const auto linked = stores_.identities->find(identity);
  auto person = linked ? stores_.people->find(linked->person) : std::nullopt;
  if (!person) return Refusal::unknown_identity;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  if (person->disabled_at) return Refusal::disabled_person;
  stores_.identities->note_use(person->id, now);
  return admitted_by(identity, level, *std::move(person));
}

std::variant<core::Sha256, Refusal> SignIn::find_invitation(std::string_view secret,
                                                            const core::IpAddress& source,
                                                            const MayCome& may_come,
                                                            core::Time now) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  const auto hash = secret_hash(SecretKind::invitation, secret);
  const auto person = hash ? stores_.people->invited(*hash, now) : std::nullopt;
  if (!person) return Refusal::unknown_invitation;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  check_.settle_at_site(source);
  return *hash;
}

std::variant<Admitted, Refusal> SignIn::by_invited_identity(const core::Sha256& invitation,
                                                            const Identity& identity, Level level,
                                                            const MayCome& may_come, core::Time now,
                                                            const Record& record) {
  auto person = stores_.people->invited(invitation, now);
  if (!person) return Refusal::unknown_invitation;
  if (!may_come(person->recipient)) return Refusal::foreign_person;
  const auto linked = stores_.identities->find(identity);
  if (linked && linked->person != person->id) return Refusal::known_identity;
  record(*person);
  if (!stores_.identities->accept(invitation, identity, now)) return Refusal::unknown_invitation;
  person->password_set_at.reset();
  person->totp_since.reset();
  person->recovery_codes_left = 0;
  person->passkeys = 0;
  person->linked_at = now;
  return admitted_by(identity, level, *std::move(person));
}

}  // namespace sekisho::access
