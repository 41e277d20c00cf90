// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/routes.h"

#include <utility>

namespace sekisho::gateway {

Found find_route(http::Method method, std::span<const std::string> path) {
  Found found;
  const http::Method row_method = method == http::Method::head ? http::Method::get : method;
  for (const Route& route : kRoutes) {
    auto match = http::match_path(route.pattern, path);
    if (!match) continue;
    found.path = *std::move(match);
    if (route.method != row_method) continue;
    found.route = &route;
    return found;
  }
  return found;
}

}  // namespace sekisho::gateway
