// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/witness_client.h"

#include <utility>

#include "outbound/web_call.h"

namespace sekisho::plugin {

WitnessClient::WitnessClient(const std::string& url, std::filesystem::path ca_file)
    : target_((url.ends_with('/') ? url.substr(0, url.size() - 1) : url) + "/add-checkpoint"),
      ca_file_(std::move(ca_file)) {}

std::optional<audit::WitnessReply> WitnessClient::post(const std::string& body,
                                                       const std::stop_token& stop) const {
  outbound::WebCall call;
  call.url = target_;
  call.ca_file = ca_file_;
  call.scheme = outbound::WebScheme::http_too;
  call.fields = {"Content-Type: text/plain"};
  call.body = body;
  auto answer = outbound::ask(call, core::Demand(stop));
  if (!answer) return std::nullopt;
  return audit::WitnessReply{answer->status, std::move(answer->content_type),
                             std::move(answer->body)};
}

}  // namespace sekisho::plugin
