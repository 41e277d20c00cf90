// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/basic.h"

#include "access/secret_text.h"
#include "core/encoding.h"
#include "core/utf8.h"
#include "http/credentials.h"

namespace sekisho::gateway {
namespace {

/// The owner of a password that lives, if they may sign in at all.
std::optional<access::Person> owner_of(const std::optional<access::ApplicationPassword>& password,
                                       const Ports& ports, core::Time now) {
  if (!password || now >= password->expires_at) return std::nullopt;
  auto person = ports.access.people->find(password->person);
  if (!person || person->disabled_at) return std::nullopt;
  return person;
}

}  // namespace

std::optional<Basic> basic_of(std::string_view authorization) {
  const auto written = http::credentials_of(authorization, "Basic");
  const auto bytes = written ? core::from_base64(*written) : std::nullopt;
  if (!bytes) return std::nullopt;
  const std::string_view text = core::as_text(*bytes);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !core::is_utf8(text)) return std::nullopt;
  return Basic{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::variant<sharing::SignedIn, sharing::Denial> signed_in_by(const Basic& shown,
                                                              const Ports& ports, core::Time now) {
  const auto hash = access::secret_hash(access::SecretKind::application, shown.password);
  const auto found = hash ? ports.access.application_passwords->find(*hash) : std::nullopt;
  if (!found) return sharing::Denial::unknown_credential;
  const auto person = owner_of(found, ports, now);
  if (!person) return sharing::Denial::expired_credential;
  const auto recipient = sharing::RecipientId::parse(person->recipient);
  if (access::parse_login(shown.login) != person->login || !recipient) {
    return sharing::Denial::unknown_credential;
  }
  sharing::SignedIn signed_in;
  signed_in.by = sharing::SignedIn::By::application_password;
  signed_in.session = found->id.text();
  signed_in.recipient = *recipient;
  signed_in.person = person->id.text();
  signed_in.person_name = person->name;
  signed_in.assurance = sharing::Assurance::password;
  signed_in.holds = [&ports, hash = *hash](core::Time at) {
    return owner_of(ports.access.application_passwords->find(hash), ports, at).has_value();
  };
  return signed_in;
}

}  // namespace sekisho::gateway
