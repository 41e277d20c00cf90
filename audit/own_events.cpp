// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/own_events.h"

namespace sekisho::audit {
namespace {

Event own_event(EventCode code, Outcome outcome) {
  Event event;
  event.code = code;
  event.outcome = outcome;
  event.authentication = "none";
  return event;
}

}  // namespace

Event clock_step_event(const ClockStep& step) {
  Event event = own_event(EventCode::clock_step, Outcome::success);
  event.facts = {{"before", to_entry_time(step.before)},
                 {"after", to_entry_time(step.after)},
                 {"step", to_signed_seconds(step.after - step.before)}};
  return event;
}

Event anchor_trouble_event() {
  return own_event(EventCode::anchor_trouble, Outcome::major_failure);
}

Event anchor_restored_event() { return own_event(EventCode::anchor_restored, Outcome::success); }

Event log_full_event() { return own_event(EventCode::log_full, Outcome::major_failure); }

Event log_restored_event(core::Time since) {
  Event event = own_event(EventCode::log_restored, Outcome::success);
  event.facts = {{"since", to_entry_time(since)}};
  return event;
}

}  // namespace sekisho::audit
