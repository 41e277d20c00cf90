// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/page_routes.h"

#include <string>

#include "gateway/sessions.h"
#include "http/content_coding.h"
#include "web/files.h"

namespace sekisho::gateway {
namespace {

http::Response response_of(const web::File& file, const Call& call) {
  const bool is_packed = http::accepts_gzip(call.request.field("accept-encoding"));
  http::Response response = http::text_response(200, std::string(file.type),
                                                std::string(is_packed ? file.gzip : file.text));
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (is_packed) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace

http::Response show_page(Call& call) {
  http::Response response = response_of(web::page(web::Site::recipient), call);
  response.content = http::Content::page;
  return response;
}

http::Response show_farewell(Call& call) {
  if (!call.is_from_known_network()) return call.refuse(sharing::Denial::foreign_network);
  http::Response response = show_page(call);
  clear_browser(response);
  return response;
}

http::Response show_code(Call& call) {
  const web::File* file = web::find_code(web::Site::recipient, call.path["file"]);
  if (file == nullptr) return http::error_response(404);
  http::Response response = response_of(*file, call);
  response.caching = http::Caching::immutable;
  // The same content, not the same bytes to everybody (RFC 9110 §8.8.3.3).
  response.tag = http::EntityTag(std::string(file->sha256), http::EntityTag::Strength::weak);
  return http::unless_known(std::move(response), call.request);
}

}  // namespace sekisho::gateway
