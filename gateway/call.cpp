// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/call.h"

namespace sekisho::gateway {

/// The entry is durable before the 404 leaves, as a hit's is: the time it takes tells nothing.
http::Response Call::refuse(std::string_view reason, const access::Person* claimed) const {
  const auto id = share();
  audit::Event event;
  event.authentication = who ? sharing::name(who->method()) : "none";
  event.source = peer.source.text();
  event.share_id = id ? id->text() : std::string();
  event.request_id = request.id;
  event.detail = reason;
  event.user_agent = request.field("user-agent");
  if (who) {
    event.recipient_id = who->recipient().id.text();
    event.recipient_name = who->recipient().name;
    event.organisation = who->recipient().organisation;
    if (const auto& signed_in = who->credential().signed_in) event.actor = signed_in->person_name;
  } else if (claimed != nullptr) {
    const auto recipient = sharing::RecipientId::parse(claimed->recipient);
    const auto known = recipient ? ports.recipients.find(*recipient) : std::nullopt;
    if (known) {
      event.recipient_id = known->id.text();
      event.recipient_name = known->name;
      event.organisation = known->organisation;
      event.actor = claimed->name;
    }
  }
  ports.denials.record(std::move(event));
  return http::error_response(404);
}

}  // namespace sekisho::gateway
