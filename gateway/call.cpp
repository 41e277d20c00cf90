// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/call.h"

namespace sekisho::gateway {

/// The entry is durable before the 404 leaves, as a hit's is: the time it takes tells nothing.
http::Response Call::refuse(sharing::Denial denial) const {
  const auto id = share();
  audit::Event event;
  event.authentication = who ? sharing::name(who->method()) : "none";
  event.source = peer.source.text();
  event.share_id = id ? id->text() : std::string();
  event.request_id = request.id;
  event.detail = sharing::name(denial);
  event.user_agent = request.field("user-agent");
  if (who) {
    event.recipient_id = who->recipient().id.text();
    event.recipient_name = who->recipient().name;
    event.organisation = who->recipient().organisation;
  }
  ports.denials.record(std::move(event));
  return http::error_response(404);
}

}  // namespace sekisho::gateway
