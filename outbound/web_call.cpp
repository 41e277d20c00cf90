// SPDX-License-Identifier: GPL-3.0-or-later
#include "outbound/web_call.h"

#include "outbound/transfer.h"

namespace sekisho::outbound {

std::optional<WebAnswer> ask(const WebCall& call, const core::Demand& demand) {
  Transfer::Limits limits;
  limits.answer_bytes = call.largest_answer_bytes;
  limits.whole = call.patience;
  Transfer transfer(call.scheme == WebScheme::https ? "https" : "http,https", call.url,
                    call.ca_file, limits, demand);
  transfer.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  for (const std::string& field : call.fields) transfer.add(field);
  if (call.body) {
    // Without "Expect: 100-continue", for which a second would pass.
    transfer.add("Expect:");
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
    transfer.set(CURLOPT_POSTFIELDS, call.body->data());
  }
  transfer.set_list(CURLOPT_HTTPHEADER);
  if (transfer.run() != CURLE_OK) return std::nullopt;
  return WebAnswer{transfer.code(), transfer.content_type(), transfer.answer()};
}

}  // namespace sekisho::outbound
