// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/guard.h"

#include <algorithm>

namespace sekisho::staff {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Without regard to case in ASCII, as hosts and media types are compared.
bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// RFC 9110 §8.3.1: type "/" subtype, whatever parameters follow.
bool is_json(std::string_view content_type) {
  std::string_view essence = content_type.substr(0, content_type.find(';'));
  while (essence.ends_with(' ') || essence.ends_with('\t')) essence.remove_suffix(1);
  return is_same_word(essence, "application/json");
}

/// The Fetch Standard writes an origin as scheme "://" host [":" port], the port only where it is
/// not the scheme's own, as in Host (RFC 9110 §7.2); "null" for pages that have none.
bool is_of_host(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && !host.empty() &&
         is_same_word(origin.substr(scheme + 3), host);
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
