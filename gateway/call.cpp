// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/call.h"

namespace sekisho::gateway {
namespace {

void name(audit::Event& event, const sharing::Recipient& recipient) {
  event.recipient_id = recipient.id.text();
  event.recipient_name = recipient.name;
  event.organisation = recipient.organisation;
}

std::optional<sharing::Recipient> recipient_of(const access::Person& person,
                                               const sharing::RecipientStore& recipients) {
  const auto id = sharing::RecipientId::parse(person.recipient);
  return id ? recipients.find(*id) : std::nullopt;
}

}  // namespace

bool Call::is_from_known_network() const {
  known_networks.refresh();
  return known_networks.contains(peer.source);
}

audit::Event Call::event(audit::EventCode code) const {
  audit::Event event;
  event.code = code;
  event.authentication = who ? sharing::name(who->method()) : "none";
  event.source = peer.source.text();
  event.request_id = request.id;
  event.user_agent = request.field("user-agent");
  if (who) name(event, who->recipient());
  return event;
}

audit::Event Call::event(audit::EventCode code, const access::Person& actor) const {
  audit::Event event = this->event(code);
  event.actor = actor.name;
  event.facts["person"] = actor.id.text();
  if (!who) {
    if (const auto recipient = recipient_of(actor, ports.recipients)) name(event, *recipient);
  }
  return event;
}

/// The entry is durable before the 404 leaves, as a hit's is: the time it takes tells nothing.
http::Response Call::refuse(std::string_view reason, const access::Person* claimed) const {
  record_denial(reason, claimed);
  return http::error_response(404);
}

void Call::record_denial(std::string_view reason, const access::Person* claimed) const {
  audit::Event event = this->event(audit::EventCode::denial);
  const auto id = share();
  event.share_id = id ? id->text() : std::string();
  event.detail = reason;
  if (who) {
    if (const auto& signed_in = who->credential().signed_in) event.actor = signed_in->person_name;
  } else if (claimed != nullptr) {
    if (const auto recipient = recipient_of(*claimed, ports.recipients)) {
      name(event, *recipient);
      event.actor = claimed->name;
    }
  }
  ports.denials.record(std::move(event));
}

}  // namespace sekisho::gateway
