// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/service.h"

#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/desk.h"
#include "dicomweb/events.h"
#include "dicomweb/routes.h"
#include "dicomweb/wado_uri.h"

namespace sekisho::dicomweb {
namespace {

/// Why a request has no answer though it may have one.
Reply no_memory() { return Reply::error(503).with_header("Retry-After", "5"); }
Reply for_nobody() { return Reply::error(503); }

/// Somebody wants to send something to where nothing is taken.
Reply refuse_unknown(const Ports& ports, const Request& request, const sharing::Authenticated& who,
                     const sharing::SharedShares& shares) {
  const sharing::Share* only = shares.size() == 1 ? shares.front().get() : nullptr;
  audit::Event event = event_of(request, who, audit::EventCode::denial, only);
  event.detail = sharing::name(Denial::out_of_scope);
  ports.denials.record(std::move(event));
  return Reply::not_found();
}

}  // namespace

Service::Service(const disclosure::Ports& ports, Limits limits, returns::Inspector* returns)
    : desk_(std::make_unique<Desk>(ports, limits, returns)) {}

Service::~Service() = default;

Reply Service::answer(const Request& request, const sharing::Authenticated& who,
                      sharing::SharedShares shares) {
  if (is_wado_uri(request)) {
    const auto translated = as_wado_rs(request);
    return translated ? answer(*translated, who, std::move(shares)) : Reply::error(400);
  }
  const auto target = match_route(request.path, request.verb);
  if (!target) return Reply::not_found();
  Call call{request, who, std::move(shares), *target};
  try {
    return target->route->answer(*desk_, call);
  } catch (const audit::AuditError&) {
    // The one trouble that has an answer of its own: no record, no access.
    desk_->ports().report(core::Severity::error, "request " + request.request_id +
                                                     ": refused, the access log cannot be written");
    return Reply::error(503);
  } catch (const core::MemoryShortage&) {
    return no_memory();
  } catch (const core::DemandOver&) {
    return for_nobody();
  }
}

std::optional<Reply> Service::refuse_body(const Request& request, const sharing::Authenticated& who,
                                          sharing::SharedShares shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target || target->route->needed != Needed::to_give_back) {
    return refuse_unknown(desk_->ports(), request, who, shares);
  }
  const Call call{request, who, std::move(shares), *target};
  try {
    const auto admission = desk_->admit(call, Freshness::recent);
    if (const auto* denial = std::get_if<Denial>(&admission)) return desk_->deny(call, *denial);
    if (!std::get<std::vector<Admitted>>(admission).empty()) return std::nullopt;
    return desk_->deny(call, Denial::out_of_scope);
  } catch (const core::MemoryShortage&) {
    return no_memory();
  } catch (const core::DemandOver&) {
    return for_nobody();
  }
}

void Service::close_finished_viewings() { desk_->close_finished_viewings(); }

void Service::close_viewings() { desk_->close_viewings(); }

void Service::forget_key(const sharing::ShareId& share) { desk_->drop(share); }

}  // namespace sekisho::dicomweb
