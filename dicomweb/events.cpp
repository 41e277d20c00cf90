// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/events.h"

#include <string_view>
#include <utility>

#include "core/encoding.h"

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
  if (const auto& signed_in = who.credential().signed_in; signed_in && !signed_in->person.empty()) {
    event.actor = signed_in->person_name;
    event.facts["person"] = signed_in->person;
  }
  if (share != nullptr) {
    event.share_id = share->id.text();
    // The coded use: the purpose in staff's own words may name the patient, and this is in clear.
    event.intended_use = sharing::name(share->intended_use);
  }
  return event;
}

namespace {

/// All but what means nothing in a path or a query of PS3.18 but itself is escaped, so that what
/// stands on record is one line of ASCII.
std::string escaped(std::string_view text) { return core::percent_encoded(text, ":@*,"); }

}  // namespace

std::string query_text(const Request& request) {
  std::string text;
  for (const std::string& segment : request.path) {
    text += '/';
    text += escaped(segment);
  }
  char before = '?';
  for (const auto& [name, value] : request.query) {
    text += std::exchange(before, '&');
    text += escaped(name);
    text += '=';
    text += escaped(value);
  }
  return text;
}

audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share) {
  return event_of(call.request, call.who, code, share);
}

}  // namespace sekisho::dicomweb
