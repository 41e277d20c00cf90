// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/dicomweb_roots.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "dicomweb/request.h"
#include "dicomweb/routes.h"
#include "http/content_coding.h"
#include "sharing/authorize.h"

namespace sekisho::gateway {
namespace {

using sharing::Denial;
using sharing::Share;

constexpr std::string_view kDicomWeb = "/dicom-web";

dicomweb::Verb to_verb(http::Method method) {
  switch (method) {
    case http::Method::head:
      return dicomweb::Verb::head;
    case http::Method::post:
      return dicomweb::Verb::post;
    case http::Method::get:
    case http::Method::erase:
    case http::Method::options:
    case http::Method::other:
      return dicomweb::Verb::get;
  }
  return dicomweb::Verb::get;
}

dicomweb::Request to_dicomweb(const Call& call, std::string root_url) {
  dicomweb::Request inner;
  inner.verb = to_verb(call.request.method);
  inner.path = call.path.rest;
  inner.query = call.query;
  inner.content_type = call.request.field("content-type");
  inner.content_encoding = call.request.field("content-encoding");
  inner.body = call.request.body;
  inner.accept = call.request.field("accept");
  inner.user_agent = call.request.field("user-agent");
  inner.request_id = call.request.id;
  inner.root_url = std::move(root_url);
  inner.received_at = call.now;
  inner.stop = call.request.stop;
  return inner;
}

/// Whether the session may open a share that only so many may (Share::max_sessions); what asks
/// without a session may not. Who is let in no further takes nobody's place.
bool enters(const Call& call, const Share& share) {
  if (!share.max_sessions) return true;
  if (!call.session) return false;
  const bool is_live = status(share, call.who->recipient(), call.now) == sharing::ShareStatus::live;
  if (!is_live || call.who->assurance() < share.assurance) return true;
  return call.ports.access.sessions->enter(call.session->id, share.id.text(), *share.max_sessions);
}

/// Below the root of everything there is what the session has opened by its own root before: a
/// search shall use up nothing.
bool has_entered(const Call& call, const Share& share) {
  return !share.max_sessions ||
         (call.session && call.ports.access.sessions->enter(call.session->id, share.id.text(), 0));
}

/// A request below a root, and the shares that the root stands for.
struct BelowRoot {
  dicomweb::Request request;
  sharing::SharedShares shares;
};

BelowRoot below_recipient(const Call& call) {
  sharing::SharedShares shares = call.ports.shares.live_for(call.who->recipient().id, call.now);
  std::erase_if(shares, [&](const auto& share) {
    return !opens(*call.who, *share) || !has_entered(call, *share);
  });
  return {to_dicomweb(call, call.public_url + std::string(kDicomWeb)), std::move(shares)};
}

std::variant<BelowRoot, http::Response> below_share(Call& call) {
  const auto id = call.share();
  if (!id) return http::error_response(404);
  auto share = call.ports.shares.find(*id);
  if (!share) return call.refuse(Denial::unknown_share);
  if (const auto denial = not_theirs(*call.who, *share)) return call.refuse(*denial);
  if (!enters(call, *share)) return call.refuse(Denial::used_up_share);
  BelowRoot below{
      to_dicomweb(call, call.public_url + "/shares/" + id->text() + std::string(kDicomWeb)), {}};
  below.shares.push_back(std::make_shared<const Share>(*std::move(share)));
  return below;
}

http::Response answer(const Call& call, BelowRoot below) {
  http::Response response =
      call.ports.dicomweb.answer(below.request, *call.who, std::move(below.shares)).take_response();
  response = http::in_range(http::unless_known(std::move(response), call.request), call.request);
  return http::compressed(std::move(response), call.request);
}

std::optional<http::Response> judge_body(const Call& call, BelowRoot below) {
  auto refusal = call.ports.dicomweb.refuse_body(below.request, *call.who, std::move(below.shares));
  if (!refusal) return std::nullopt;
  return (*std::move(refusal)).take_response();
}

}  // namespace

/// RFC 9110 §9.3.7. Of whose share it is, or whether there is one, it says nothing.
http::Response tell_methods(Call& call) {
  const bool is_read = dicomweb::match_route(call.path.rest, dicomweb::Verb::get).has_value();
  const bool is_written = dicomweb::match_route(call.path.rest, dicomweb::Verb::post).has_value();
  if (!is_read && !is_written) return http::error_response(404);
  std::string methods = "OPTIONS";
  if (is_read) methods += ", GET, HEAD";
  if (is_written) methods += ", POST";
  http::Response response;
  response.status = 204;
  response.headers.emplace_back("Allow", std::move(methods));
  return response;
}

http::Response answer_for_recipient(Call& call) { return answer(call, below_recipient(call)); }

std::optional<http::Response> judge_body_for_recipient(Call& call) {
  return judge_body(call, below_recipient(call));
}

http::Response answer_for_share(Call& call) {
  auto below = below_share(call);
  if (auto* refusal = std::get_if<http::Response>(&below)) return std::move(*refusal);
  return answer(call, std::get<BelowRoot>(std::move(below)));
}

std::optional<http::Response> judge_body_for_share(Call& call) {
  auto below = below_share(call);
  if (auto* refusal = std::get_if<http::Response>(&below)) return std::move(*refusal);
  return judge_body(call, std::get<BelowRoot>(std::move(below)));
}

}  // namespace sekisho::gateway
