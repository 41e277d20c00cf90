// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/correspondence.h"

#include <optional>
#include <string_view>
#include <utility>

#include "access/password_resets.h"
#include "access/secret_text.h"
#include "core/network.h"
#include "mail/letter.h"
#include "sharing/authenticate.h"

namespace sekisho::plugin {
namespace {

constexpr int kAtOnce = 100;
constexpr std::size_t kMostToTell = 1000;

/// Whom a request is about, as far as anybody is.
struct Asked {
  std::optional<access::Person> person;
  std::optional<sharing::Recipient> recipient;
};

Asked find(const access::ResetRequest& request, const access::Stores& access,
           const sharing::RecipientStore& recipients) {
  Asked asked;
  const auto login = access::parse_login(request.login);
  if (login) asked.person = access.people->find_by_login(*login);
  if (!asked.person) return asked;
  const auto id = sharing::RecipientId::parse(asked.person->recipient);
  if (id) asked.recipient = recipients.find(*id);
  return asked;
}

/// Empty where the person may have a link.
std::string_view reason_against(const access::ResetRequest& request, const Asked& asked,
                                Writes writes) {
  using access::Refusal;
  if (!asked.person) return name(Refusal::unknown_person);
  const auto source = core::IpAddress::parse(request.source);
  if (!asked.recipient || !source || !sharing::admits(*asked.recipient, *source)) {
    return name(Refusal::foreign_person);
  }
  if (asked.person->disabled_at) return name(Refusal::disabled_person);
  if (!asked.person->password_set_at) return name(Refusal::no_password);
  if (asked.person->email.empty()) return "no_mail_address";
  return writes == Writes::mail ? std::string_view() : "no_mail_server";
}

audit::Event event_of(const access::ResetRequest& request, const Asked& asked) {
  audit::Event event;
  event.code = audit::EventCode::credential_change;
  event.authentication = "none";
  event.source = request.source;
  event.request_id = request.request_id;
  event.user_agent = request.user_agent;
  if (asked.person) {
    event.actor = asked.person->name;
    event.facts["person"] = asked.person->id.text();
  }
  if (asked.recipient) {
    event.recipient_id = asked.recipient->id.text();
    event.recipient_name = asked.recipient->name;
    event.organisation = asked.recipient->organisation;
  }
  return event;
}

}  // namespace

Correspondence::Correspondence(Ports ports, std::string public_url, Writes writes)
    : ports_(std::move(ports)), public_url_(std::move(public_url)), writes_(writes) {}

void Correspondence::note(const access::PersonId& person, access::Notice notice) {
  if (writes_ == Writes::nothing) return;
  const core::MutexLock lock(mutex_);
  if (to_tell_.size() < kMostToTell) to_tell_.emplace(person, notice);
}

void Correspondence::work(const core::Demand& demand) {
  for (const auto& request : ports_.access.correspondence->asked(kAtOnce)) {
    if (demand.is_over()) return;
    answer(request);
  }
  for (;;) {
    std::pair<access::PersonId, access::Notice> next;
    {
      const core::MutexLock lock(mutex_);
      if (to_tell_.empty() || demand.is_over()) return;
      next = *to_tell_.begin();
    }
    tell(next.first, next.second);
    const core::MutexLock lock(mutex_);
    to_tell_.erase(next);
  }
}

void Correspondence::answer(const access::ResetRequest& request) {
  const Asked asked = find(request, ports_.access, ports_.recipients);
  audit::Event event = event_of(request, asked);
  const std::string_view reason = reason_against(request, asked, writes_);
  if (!reason.empty()) {
    event.facts.clear();
    event.detail = reason;
    ports_.denials.record(std::move(event));
    ports_.access.correspondence->drop(request.number);
    return;
  }
  const core::Time now = ports_.clock();
  const access::NewSecret secret = access::new_secret(access::SecretKind::reset);
  const access::Invitation link{access::InvitationId::random(), asked.person->id, secret.hash, now,
                                now + access::kResetLasts};
  const mail::Letter letter =
      mail::reset_letter({asked.person->email, asked.recipient->language, public_url_, now},
                         public_url_ + "/r/" + link.id.text() + '#' + secret.text, link.expires_at);
  event.facts["change"] = "reset_link";
  ports_.log.append(event);
  ports_.access.correspondence->answer(request.number, link, letter);
}

/// In the language of the recipient; what happened is on record.
void Correspondence::tell(const access::PersonId& id, access::Notice notice) {
  const auto person = ports_.access.people->find(id);
  if (!person || person->email.empty()) return;
  const auto recipient_id = sharing::RecipientId::parse(person->recipient);
  const auto recipient = recipient_id ? ports_.recipients.find(*recipient_id) : std::nullopt;
  if (!recipient) return;
  const mail::Occasion occasion{person->email, recipient->language, public_url_, ports_.clock()};
  switch (notice) {
    case access::Notice::password_was_right:
      ports_.access.correspondence->warn(id, mail::warning_letter(occasion));
      return;
    case access::Notice::credential_changed:
      ports_.access.outbox->put(mail::change_letter(occasion));
      return;
  }
}

}  // namespace sekisho::plugin
