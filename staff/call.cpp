// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/call.h"

namespace sekisho::staff {

audit::Event staff_event(const Call& call, audit::EventCode code) {
  audit::Event event;
  event.code = code;
  event.authentication = "staff";
  event.actor = call.actor;
  return event;
}

audit::Event staff_event(const Call& call, audit::EventCode code,
                         const sharing::Recipient& recipient) {
  audit::Event event = staff_event(call, code);
  event.recipient_id = recipient.id.text();
  event.recipient_name = recipient.name;
  event.organisation = recipient.organisation;
  return event;
}

std::variant<sharing::Recipient, Reply> recipient_of(const Call& call) {
  if (const auto id = sharing::RecipientId::parse(call.ids.front())) {
    if (auto recipient = call.ports.recipients.find(*id)) return std::move(*recipient);
  }
  return refused(404, "There is no such recipient.");
}

std::optional<Reply> refuse_nameless(const Call& call) {
  if (!call.actor.empty()) return std::nullopt;
  return refused(403, "Where a share needs an approval, whoever acts must have a name.",
                 {"Orthanc must ask for it: \"AuthenticationEnabled\" and \"RegisteredUsers\"."});
}

std::optional<core::Time> expiry(BodyReader& body, const Call& call) {
  const core::Time latest = call.now + call.ports.options.maximum_expiry;
  if (body.value("ExpiresAt") == nullptr) return call.now + call.ports.options.default_expiry;
  const auto time = body.time("ExpiresAt");
  if (!time) return std::nullopt;
  if (*time <= call.now || *time > latest) {
    body.complain("ExpiresAt", "must lie after " + core::to_rfc3339(call.now) +
                                   " (now) and not after " + core::to_rfc3339(latest));
    return std::nullopt;
  }
  return time;
}

}  // namespace sekisho::staff
