// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response.h"

#include <string_view>

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
    {415, R"({"Error":"The media type of the request is not supported."})"},
    {429, R"({"Error":"There are too many requests."})"},
    {500, R"({"Error":"The request could not be answered."})"},
    {503, R"({"Error":"The service is not available."})"},
};

std::string_view error_body(int status) {
  for (const auto& error : kErrors) {
    if (error.status == status) return error.body;
  }
  return error_body(500);
}

}  // namespace

Response error_response(int status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.text = error_body(status);
  return response;
}

}  // namespace sekisho::http
