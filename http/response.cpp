// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response.h"

#include <algorithm>
#include <stdexcept>

#include "http/characters.h"
#include "http/request.h"

namespace sekisho::http {
namespace {

constexpr struct {
  int status;
  std::string_view body;
} kErrors[] = {
    {400, R"({"Error":"The request is malformed."})"},
    {404, R"({"Error":"There is no such resource."})"},
    {406, R"({"Error":"None of the acceptable media types can be given."})"},
    {413, R"({"Error":"The request is too large."})"},
    {414, R"({"Error":"The target of the request is too long."})"},
    {415, R"({"Error":"The media type of the request is not supported."})"},
    {416, R"({"Error":"None of the bytes asked for is there."})"},
    {429, R"({"Error":"There are too many requests."})"},
    {431, R"({"Error":"The header of the request is too large."})"},
    {500, R"({"Error":"The request could not be answered."})"},
    {503, R"({"Error":"The service is not available."})"},
};

std::string_view error_body(int status) {
  for (const auto& error : kErrors) {
    if (error.status == status) return error.body;
  }
  return error_body(500);
}

/// Only the header leaves.
void drop_body(Response& response) {
  if (response.body) response.body->unsent();
  response.body.reset();
  response.size_bytes.reset();
  response.text.clear();
}

}  // namespace

Response text_response(int status, std::string content_type, std::string text) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.text = std::move(text);
  return response;
}

Response error_response(int status) {
  return text_response(status, "application/json", std::string(error_body(status)));
}

Response see_other(std::string_view path) {
  // What follows "//" or "/\\" is a host to a browser (RFC 3986 §4.2, URL Standard).
  const bool stays_here = path.starts_with('/') && !path.starts_with("//") &&
                          !path.starts_with("/\\") && std::ranges::all_of(path, is_visible);
  if (!stays_here) throw std::invalid_argument("a redirection to no path of this host");
  Response response;
  response.status = 303;
  response.location = path;
  return response;
}

Response unless_known(Response response, const Request& request) {
  const bool is_asked = request.method == Method::get || request.method == Method::head;
  if (!is_asked || response.status != 200 || !response.tag ||
      !lists(request.field("if-none-match"), *response.tag)) {
    return response;
  }
  response.status = 304;
  drop_body(response);
  return response;
}

Response in_range(Response response, const Request& request) {
  if (response.status != 200 || !response.body || !response.size_bytes || !response.tag) {
    return response;
  }
  const std::uint64_t whole_bytes = *response.size_bytes;
  response.headers.emplace_back("Accept-Ranges", "bytes");  // RFC 9110 §14.3
  const Wanted wanted = wanted_range(request, whole_bytes, response.tag);
  if (std::holds_alternative<WholeThing>(wanted)) return response;
  if (const auto* range = std::get_if<ByteRange>(&wanted)) {
    response.body->skip(range->offset);
    response.status = 206;
    response.range = ContentRange{*range, whole_bytes};
    response.size_bytes = range->size_bytes;
    return response;
  }
  drop_body(response);
  Response refusal = error_response(416);
  refusal.range = ContentRange{std::nullopt, whole_bytes};
  refusal.headers = std::move(response.headers);
  return refusal;
}

Response no_room_response() {
  Response response = error_response(503);
  response.headers.emplace_back("Retry-After", "60");
  return response;
}

}  // namespace sekisho::http
