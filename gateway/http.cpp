// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/http.h"

namespace sekisho::gateway {

std::string HttpRequest::field(std::string_view name) const {
  std::string joined;
  for (const auto& [field_name, value] : fields) {
    if (field_name != name) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

HttpResponse to_response(dicomweb::Reply reply) {
  HttpResponse response;
  response.status = reply.status();
  response.headers = reply.headers();
  response.text = reply.text();
  response.size_bytes = reply.size_bytes();
  response.body = reply.take_body();
  return response;
}

}  // namespace sekisho::gateway
