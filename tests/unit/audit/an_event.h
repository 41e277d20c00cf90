// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "unit/audit/a_log.h"

namespace sekisho::audit::test {

/// An event with every field, its texts as unpleasant as they come.
inline Event an_unpleasant_event(EventCode code) {
  const std::string patient = "P<1>&\"'\x01\xFF";
  Event event = a_transfer(patient, "1.2.3");
  event.code = code;
  event.outcome = Outcome::minor_failure;
  event.objects.push_back({patient, "1.2.3", "1.2.3.1", "1.2.3.1.2"});
  event.objects.push_back({"P2", "2.2", "", ""});
  event.actor = "dr. <sato>\n\xEF\xBF\xBF";
  event.detail = "detail & \"more\"";
  event.facts = {{"profile", "]]>"}, {"risks", "a\tb"}};
  event.recipient_name = "=山田\r\n<クリニック>\xED\xA0\x80";
  event.instances = 2;
  event.bytes = 17;
  return event;
}

/// A log with an entry of every event: `log.open` first, then the others in the order of EventCode.
inline void append_every_event(const ALog& a_log) {
  const auto log = a_log.open();
  for (std::size_t code = 1; code < kEventCodes; ++code) {
    log->append(an_unpleasant_event(static_cast<EventCode>(code)));
  }
}

}  // namespace sekisho::audit::test
