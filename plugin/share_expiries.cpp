// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/share_expiries.h"

#include <utility>

#include "staff/scope.h"

namespace sekisho::plugin {
namespace {

constexpr int kAtOnce = 100;
constexpr std::size_t kPage = 256;

}  // namespace

ShareExpiries::ShareExpiries(Ports ports, const audit::AuditPlace& place)
    : ports_(std::move(ports)), reader_(place.database) {}

/// First where the entry will stand, then the entry, then that it stands there: whoever comes back
/// between the last two looks behind that place.
void ShareExpiries::record(const core::Demand& demand) {
  const core::Time now = ports_.clock();
  for (const sharing::ExpiredShare& each : ports_.shares.expired(now, kAtOnce)) {
    if (demand.is_over()) return;
    const sharing::ShareId& id = each.share.id;
    if (!each.log_size) ports_.shares.begin_expiry(id, ports_.log.head().size);
    if (!each.log_size || !is_on_record(id, *each.log_size)) {
      ports_.log.append(event_of(each.share));
    }
    ports_.shares.end_expiry(id, now);
  }
}

bool ShareExpiries::is_on_record(const sharing::ShareId& share, std::uint64_t from) {
  const std::string_view name = audit::event_name(audit::EventCode::share_expire);
  const std::uint64_t end = reader_.head().size;
  while (from < end) {
    const auto page = reader_.entries(from, end, kPage);
    if (page.empty()) return false;
    for (const audit::ReadEntry& each : page) {
      if (each.entry.event == name && each.entry.share == share.text()) return true;
    }
    from = page.back().entry.seq + 1;
  }
  return false;
}

audit::Event ShareExpiries::event_of(const sharing::Share& share) const {
  audit::Event event;
  event.code = audit::EventCode::share_expire;
  event.authentication = "none";
  event.share_id = share.id.text();
  event.intended_use = sharing::name(share.intended_use);
  event.objects = staff::objects_of(share.scope);
  event.recipient_id = share.recipient.text();
  if (const auto recipient = ports_.recipients.find(share.recipient)) {
    event.recipient_name = recipient->name;
    event.organisation = recipient->organisation;
  }
  event.facts["expired_at"] = core::to_rfc3339(share.expires_at);
  return event;
}

}  // namespace sekisho::plugin
