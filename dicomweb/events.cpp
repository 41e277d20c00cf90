// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/events.h"

namespace sekisho::dicomweb {

audit::Event event_of(const Request& request, const sharing::Authenticated& who,
                      audit::EventCode code, const sharing::Share* share) {
  audit::Event event;
  event.code = code;
  event.authentication = sharing::name(who.method());
  event.source = who.source().text();
  event.request_id = request.request_id;
  event.recipient_id = who.recipient().id.text();
  event.recipient_name = who.recipient().name;
  event.organisation = who.recipient().organisation;
  event.user_agent = request.user_agent;
  if (share != nullptr) {
    event.share_id = share->id.text();
    // The coded use: the purpose in staff's own words may name the patient, and this is in clear.
    event.intended_use = sharing::name(share->intended_use);
  }
  return event;
}

audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share) {
  return event_of(call.request, call.who, code, share);
}

}  // namespace sekisho::dicomweb
