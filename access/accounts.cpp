// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/accounts.h"

#include <array>
#include <string>
#include <utility>

#include "access/one_time_code.h"

namespace sekisho::access {
namespace {

PasswordFlaw judge(const Person& person, std::string_view password, Beside beside) {
  const std::array<std::string, 2> words = {person.login, person.name};
  return judge_password(password, beside, words);
}

}  // namespace

std::variant<Done, Refusal, PasswordFlaw> Accounts::change_password(
    const Person& person, std::string_view password, std::string_view next,
    const core::IpAddress& source, core::Time now, const Record& record) {
  const Claimant claimant{person.login, source};
  const auto checked = check_.check(claimant, &person, password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  check_.settle(claimant);
  const auto& passed = std::get<PasswordCheck::Passed>(checked);
  const Beside beside = passed.secrets.totp_box.empty() ? Beside::nothing : Beside::second_factor;
  const PasswordFlaw flaw = judge(person, next, beside);
  if (flaw != PasswordFlaw::none) return flaw;
  const std::string hash = hasher_.hash(passed.turn, next);
  record(person);
  if (!stores_.people->set_password(person.id, passed.secrets.password_hash, hash, now)) {
    return Refusal::wrong_password;
  }
  return Done{};
}

std::variant<core::Secret, Refusal> Accounts::offer_totp(const Person& person,
                                                         std::string_view password,
                                                         const core::IpAddress& source,
                                                         core::Time now) {
  const Claimant claimant{person.login, source};
  const auto checked = check_.check(claimant, &person, password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  check_.settle(claimant);
  core::Secret secret = new_totp_secret();
  stores_.people->offer_totp(person.id, stores_.key.seal(person.id, secret));
  return secret;
}

std::variant<RecoveryCodes, Refusal> Accounts::enrol_totp(const Person& person,
                                                          std::string_view code,
                                                          const core::IpAddress& source,
                                                          core::Time now, const Record& record) {
  if (!check_.begin_at_site(source, now)) return Refusal::blocked_site;
  const auto secrets = stores_.people->secrets(person.id);
  if (!secrets || secrets->offered_box.empty()) return Refusal::missing_code;
  const auto secret = stores_.key.open(person.id, secrets->offered_box);
  if (!secret)
    throw AccessKeyError("access.db holds a second factor that access.key does not open");
  const auto step = step_of_code(secret->view(), code, now, 0);
  if (!step) return Refusal::wrong_code;
  RecoveryCodes codes = new_recovery_codes();
  record(person);
  if (!stores_.people->enrol_totp(person.id, secrets->offered_box, *step, codes.hashes, now)) {
    return Refusal::wrong_code;
  }
  check_.settle_at_site(source);
  return codes;
}

std::variant<Done, Refusal, PasswordFlaw> Accounts::remove_totp(const Person& person,
                                                                std::string_view password,
                                                                const core::IpAddress& source,
                                                                core::Time now,
                                                                const Record& record) {
  const Claimant claimant{person.login, source};
  const auto checked = check_.check(claimant, &person, password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  check_.settle(claimant);
  const PasswordFlaw flaw = judge(person, password, Beside::nothing);
  if (flaw != PasswordFlaw::none) return flaw;
  record(person);
  stores_.people->remove_totp(person.id);
  return Done{};
}

std::variant<NewSecret, Refusal> Accounts::add_application_password(
    const Person& person, std::string_view password, const ApplicationPassword& made,
    const core::IpAddress& source, core::Time now, const Record& record) {
  const Claimant claimant{person.login, source};
  const auto checked = check_.check(claimant, &person, password, now);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) return *refusal;
  check_.settle(claimant);
  const auto own = stores_.application_passwords->of_person(person.id);
  if (own.size() >= std::size_t{kMostApplicationPasswords}) return Refusal::too_many;
  NewSecret secret = new_secret(SecretKind::application);
  record(person);
  if (!stores_.application_passwords->insert(made, secret.hash)) return Refusal::too_many;
  return secret;
}

}  // namespace sekisho::access
