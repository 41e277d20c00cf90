// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/event.h"

#include <algorithm>
#include <iterator>

namespace sekisho::audit {
namespace {

/// In the order of EventCode.
constexpr std::string_view kNames[] = {
    "log.open",
    "service.start",
    "service.stop",
    "transfer.begin",
    "transfer.end",
    "query",
    "denial",
    "recipient.create",
    "recipient.disable",
    "recipient.network",
    "token.create",
    "token.revoke",
    "certificate.add",
    "certificate.remove",
    "share.create",
    "share.revoke",
    "series.approve",
    "return.begin",
    "return.end",
    "share.preview",
    "share.forget_key",
    "mask_key.rotate",
    "log.read",
    "clock.step",
    "anchor.trouble",
    "anchor.restored",
    "witness.trouble",
    "witness.restored",
    "share.expire",
    "hold.set",
    "hold.end",
    "text.shred",
    "log.prune",
    "key.rotate",
    "log.recover",
    "recipient.change",
    "recipient.enable",
    "recipient.network_remove",
    "share.extend",
    "series.withdraw",
    "log.full",
    "log.restored",
    "person.create",
    "person.invite",
    "person.disable",
    "person.enable",
    "session.revoke",
    "session.begin",
    "session.end",
    "credential.change",
    "share.approve",
    "consent.create",
    "consent.withdraw",
    "recipient.export",
    "return.receive",
    "return.scan",
    "return.release",
    "return.reject",
    "return.delete",
    "return.show",
};
static_assert(std::size(kNames) == kEventCodes);

}  // namespace

std::string_view event_name(EventCode code) { return kNames[static_cast<std::size_t>(code)]; }

std::optional<EventCode> event_code(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<EventCode>(found - std::begin(kNames));
}

}  // namespace sekisho::audit
