// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/events.h"

#include <string_view>
#include <utility>

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

/// RFC 3986 §2.3, unreserved, and of §2.2 what means nothing in a path or a query of PS3.18 but
/// itself; all else is escaped, so that what stands on record is one line of ASCII.
void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kPlain = "-._~:@*,";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xF];
  }
}

}  // namespace

std::string query_text(const Request& request) {
  std::string text;
  for (const std::string& segment : request.path) {
    text += '/';
    append_escaped(text, segment);
  }
  char before = '?';
  for (const auto& [name, value] : request.query) {
    text += std::exchange(before, '&');
    append_escaped(text, name);
    text += '=';
    append_escaped(text, value);
  }
  return text;
}

audit::Event event_of(const Call& call, audit::EventCode code, const sharing::Share* share) {
  return event_of(call.request, call.who, code, share);
}

}  // namespace sekisho::dicomweb
