// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_check.h"

#include <optional>
#include <string>
#include <utility>

namespace sekisho::access {
namespace {

std::string site_of(const core::IpAddress& source) { return core::Network::site_of(source).text(); }

}  // namespace

core::Sha256 PasswordCheck::account_name(const Claimant& claimant) const {
  return stores_.key.name_of(Counted::account, claimant.login);
}

core::Sha256 PasswordCheck::site_name(const core::IpAddress& source) const {
  return stores_.key.name_of(Counted::site, site_of(source));
}

bool PasswordCheck::begin_of_account(const Claimant& claimant, core::Time now) {
  return stores_.attempts->begin(Counted::account, account_name(claimant), now);
}

bool PasswordCheck::begin_at_site(const core::IpAddress& source, core::Time now) {
  return stores_.attempts->begin(Counted::site, site_name(source), now);
}

void PasswordCheck::settle_at_site(const core::IpAddress& source) {
  stores_.attempts->succeed(Counted::site, site_name(source));
}

std::variant<PasswordCheck::Passed, Refusal> PasswordCheck::check(const Claimant& claimant,
                                                                  const Person* person,
                                                                  std::string_view password,
                                                                  core::Time now) {
  auto turn = hasher_.enter(site_of(claimant.source));
  if (!turn) return Refusal::busy;
  if (!begin_at_site(claimant.source, now)) return Refusal::blocked_site;
  const bool is_heard = begin_of_account(claimant, now);
  auto secrets = person == nullptr ? std::nullopt : stores_.people->secrets(person->id);
  const bool can_match = is_heard && secrets && !secrets->password_hash.empty();
  const bool matches = can_match ? hasher_.matches(*turn, password, secrets->password_hash)
                                 : hasher_.matches_nothing(*turn, password);
  if (!is_heard) return Refusal::blocked_person;
  if (!secrets) return Refusal::unknown_person;
  if (secrets->password_hash.empty()) return Refusal::no_password;
  if (!matches) return Refusal::wrong_password;
  return Passed{*std::move(turn), *std::move(secrets)};
}

Refusal PasswordCheck::check_foreigner(const Claimant& claimant, std::string_view password,
                                       core::Time now) {
  const auto turn = hasher_.enter(site_of(claimant.source));
  if (!turn) return Refusal::busy;
  if (!begin_at_site(claimant.source, now)) return Refusal::blocked_site;
  // Counted under a name that blocks nobody: what is written to disk takes its time with everybody.
  const std::string nobody = "\n" + std::string(claimant.login);
  stores_.attempts->begin(Counted::account, account_name({nobody, claimant.source}), now);
  hasher_.matches_nothing(*turn, password);
  return Refusal::foreign_person;
}

void PasswordCheck::settle(const Claimant& claimant) {
  stores_.attempts->succeed(Counted::account, account_name(claimant));
  settle_at_site(claimant.source);
}

}  // namespace sekisho::access
