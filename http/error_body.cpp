// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/error_body.h"

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

}  // namespace

std::string_view error_body(int status) {
  for (const auto& error : kErrors) {
    if (error.status == status) return error.body;
  }
  return error_body(500);
}

}  // namespace sekisho::http
