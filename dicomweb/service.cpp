// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/service.h"

#include <utility>

#include "dicomweb/service_state.h"

namespace sekisho::dicomweb {

Service::Service(const Ports& ports, Limits limits)
    : state_(std::make_unique<ServiceState>(ports, limits)) {}

Service::~Service() = default;

Reply Service::answer(const Request& request, const sharing::Authenticated& who,
                      sharing::SharedShares shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target) return Reply::not_found();
  Call call{request, who, std::move(shares), *target};
  return state_->answer(call);
}

std::optional<Reply> Service::refuse_body(const Request& request, const sharing::Authenticated& who,
                                          sharing::SharedShares shares) {
  const auto target = match_route(request.path, request.verb);
  if (!target || target->route->action != Action::store) {
    return state_->refuse_unknown(request, who, shares);
  }
  return state_->refuse_body({request, who, std::move(shares), *target});
}

void Service::close_finished_viewings() { state_->close_finished_viewings(); }

void Service::close_viewings() { state_->close_viewings(); }

void Service::forget_key(const sharing::ShareId& share) { state_->drop(share); }

}  // namespace sekisho::dicomweb
