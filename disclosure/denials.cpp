// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/denials.h"

#include <utility>

namespace sekisho::disclosure {

void Denials::record(audit::Event event) {
  record_repeated();
  // Whose name a stranger has typed counts nobody elsewhere: by how long an answer takes, which is
  // less where it is counted alone, they would find out who has an account.
  const bool is_known = event.authentication != "none";
  const Refused who{event.source, is_known ? event.recipient_id : std::string()};
  if (ledger_.note(who, clock_()) == DenialLedger::Treatment::count) return;
  event.code = audit::EventCode::denial;
  event.outcome = audit::Outcome::minor_failure;
  log_.append(event);
}

void Denials::record_repeated() { record(ledger_.take_finished(clock_())); }

void Denials::record_all_repeated() { record(ledger_.take_all()); }

void Denials::record(const std::vector<DenialLedger::Repeated>& repeated) {
  for (const auto& [who, times] : repeated) {
    audit::Event event;
    event.code = audit::EventCode::denial;
    event.outcome = audit::Outcome::minor_failure;
    event.authentication = "none";
    event.source = who.address;
    event.recipient_id = who.recipient_id;
    event.detail = "repeated";
    event.instances = times;
    log_.append_later(event);
  }
}

}  // namespace sekisho::disclosure
