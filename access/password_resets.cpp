// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/password_resets.h"

#include <string>

namespace sekisho::access {
namespace {

/// No login and no network begins so.
constexpr const char* kPrefix = "\nreset\n";

}  // namespace

std::optional<Refusal> PasswordResets::ask(const ResetRequest& request,
                                           const core::IpAddress& source) {
  const std::string login = parse_login(request.login).value_or(request.login);
  const auto is_heard = [&](Counted counted, const std::string& what) {
    return stores_.attempts->begin(counted, stores_.key.name_of(counted, kPrefix + what),
                                   request.asked_at);
  };
  if (!is_heard(Counted::site, core::Network::site_of(source).text())) return Refusal::blocked_site;
  if (!is_heard(Counted::account, login)) return Refusal::blocked_person;
  if (!stores_.correspondence->ask(request)) return Refusal::busy;
  return std::nullopt;
}

}  // namespace sekisho::access
