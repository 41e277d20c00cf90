// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/return_routes.h"

#include <json/value.h>

#include <map>

#include "gateway/forms.h"
#include "sharing/authorize.h"

namespace sekisho::gateway {
namespace {

using returns::State;
using returns::Upload;

constexpr int kMostReturns = 1000;

/// Whether the hospital waits for somebody or for something is its own business.
std::string_view status_of(State state) {
  switch (state) {
    case State::stored:
      return "stored";
    case State::apart:
      return "refused";
    case State::rejected:
      return "rejected";
    case State::received:
    case State::held:
    case State::released:
      break;
  }
  return "waiting";
}

Json::Value to_json(const Upload& upload) {
  Json::Value json;
  json["Share"] = upload.share.text();
  json["SopClass"] = upload.sop_class;
  json["StudyInstanceUID"] = upload.shown_study.str();
  json["SOPInstanceUID"] = upload.readers_instance.str();
  json["ReceivedAt"] = core::to_rfc3339(upload.received_at);
  json["Receipt"] = upload.receipt;
  json["Status"] = std::string(status_of(upload.state));
  if (upload.ended_at) json["EndedAt"] = core::to_rfc3339(*upload.ended_at);
  return json;
}

}  // namespace

http::Response list_returns(Call& call) {
  returns::UploadFilter filter;
  filter.recipient = call.who->recipient().id;
  filter.order = sharing::ListOrder::newest_first;
  filter.limit = kMostReturns;
  for (const auto& [name, value] : call.query) {
    if (name != "request" || filter.request) return http::error_response(400);
    filter.request = value;
  }
  if (const auto& only = call.who->only_share()) filter.share = *only;
  std::map<sharing::ShareId, bool> opens_share;
  Json::Value json;
  json["Returns"] = Json::arrayValue;
  for (const Upload& upload : call.ports.quarantine.list(filter)) {
    const auto [known, is_new] = opens_share.try_emplace(upload.share, false);
    if (is_new) {
      const auto share = call.ports.shares.find(upload.share);
      known->second = share && opens(*call.who, *share);
    }
    if (known->second) json["Returns"].append(to_json(upload));
  }
  return json_response(200, json);
}

}  // namespace sekisho::gateway
