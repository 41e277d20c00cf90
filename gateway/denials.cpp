// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/denials.h"

namespace sekisho::gateway {

/// The entry is durable before the 404 leaves, as a hit's is: the time it takes tells nothing.
http::Response Denials::refuse(sharing::Denial denial, const http::Request& request,
                               const http::Peer& peer, std::string_view share,
                               const sharing::Authenticated* who) {
  record_repeated();
  if (ledger_.note(peer.source.text(), ports_.clock()) == DenialLedger::Treatment::record) {
    audit::Event event;
    event.code = audit::EventCode::denial;
    event.outcome = audit::Outcome::minor_failure;
    event.authentication = who == nullptr ? "none" : sharing::name(who->method());
    event.source = peer.source.text();
    event.share_id = share;
    event.request_id = request.id;
    event.detail = sharing::name(denial);
    event.user_agent = request.field("user-agent");
    if (who != nullptr) {
      event.recipient_id = who->recipient().id.text();
      event.recipient_name = who->recipient().name;
      event.organisation = who->recipient().organisation;
    }
    ports_.log.append(event);
  }
  return http::error_response(404);
}

void Denials::record_repeated() { record(ledger_.take_finished(ports_.clock())); }

void Denials::record_all_repeated() { record(ledger_.take_all()); }

void Denials::record(const std::vector<DenialLedger::Repeated>& repeated) {
  for (const auto& [address, times] : repeated) {
    audit::Event event;
    event.code = audit::EventCode::denial;
    event.outcome = audit::Outcome::minor_failure;
    event.authentication = "none";
    event.source = address;
    event.detail = "repeated";
    event.instances = times;
    ports_.log.append_later(event);
  }
}

}  // namespace sekisho::gateway
