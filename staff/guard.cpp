// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/guard.h"

#include "core/letter_case.h"

namespace sekisho::staff {
namespace {

/// RFC 9110 §8.3.1: type "/" subtype, whatever parameters follow.
bool is_json(std::string_view content_type) {
  std::string_view essence = content_type.substr(0, content_type.find(';'));
  while (essence.ends_with(' ') || essence.ends_with('\t')) essence.remove_suffix(1);
  return core::equal_but_for_case(essence, "application/json");
}

/// The Fetch Standard writes an origin as scheme "://" host [":" port], the port only where it is
/// not the scheme's own, as in Host (RFC 9110 §7.2); "null" for pages that have none.
bool is_of_host(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && !host.empty() &&
         core::equal_but_for_case(origin.substr(scheme + 3), host);
}

bool is_own_page(std::string_view fetch_site) {
  return fetch_site.empty() || fetch_site == "same-origin" || fetch_site == "none";
}

}  // namespace

std::optional<Reply> refuse_other_sites(const Request& request) {
  const CallContext& context = request.context;
  if (!is_own_page(context.fetch_site)) {
    return refused(403, "The staff API takes no calls from pages of other sites.",
                   {"\"Sec-Fetch-Site\" must be \"same-origin\" or \"none\", or absent."});
  }
  if (!context.origin.empty() && !is_of_host(context.origin, context.host)) {
    return refused(
        403, "The staff API takes no calls from pages of other sites.",
        {"The host and port in \"Origin\" must be those in \"Host\": a reverse proxy must "
         "pass both on as they are."});
  }
  if (request.verb != Verb::get && !is_json(context.content_type)) {
    return refused(415, "A call that changes something must be sent as JSON.",
                   {"Add \"Content-Type: application/json\", also where there is no body."});
  }
  return std::nullopt;
}

}  // namespace sekisho::staff
