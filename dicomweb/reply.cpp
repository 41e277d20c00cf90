// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/reply.h"

#include <string_view>

namespace sekisho::dicomweb {
namespace {

constexpr std::string_view kReceiptHeader = "Sekisho-Receipt";
// PS3.18 §8.5.2. Nothing of how many, which, and why: that is the hospital's.
constexpr std::string_view kMissingWarning =
    R"(299 sekisho "Some of the instances could not be read and are not in this response.")";
constexpr const char* kJson = "application/dicom+json";

}  // namespace

Reply Reply::not_found() { return error(404); }

Reply Reply::error(int status) { return Reply(http::error_response(status)); }

Reply Reply::rows(const disclosure::DisclosedRows& rows, std::string content_type,
                  std::string body) {
  const int status = body.empty() ? 204 : 200;
  if (body.empty()) content_type.clear();
  return Reply(http::text_response(status, std::move(content_type), std::move(body)))
      .with_header(std::string(kReceiptHeader), rows.receipt().id().text());
}

Reply Reply::stored(int status, std::string body, std::string location) {
  http::Response response = http::text_response(status, kJson, std::move(body));
  response.location = std::move(location);
  return Reply(std::move(response));
}

Reply Reply::stream(std::string content_type, std::optional<std::uint64_t> size_bytes,
                    std::unique_ptr<DisclosedBody> body) {
  std::string receipt = body->receipt().id().text();
  const bool is_incomplete = body->is_incomplete();
  http::Response response;
  response.content_type = std::move(content_type);
  response.body = std::move(body);
  response.size_bytes = size_bytes;
  Reply reply(std::move(response));
  reply.with_header(std::string(kReceiptHeader), std::move(receipt));
  if (is_incomplete) {
    reply.response_.status = 206;
    reply.with_header("Warning", std::string(kMissingWarning));
  }
  return reply;
}

Reply& Reply::with_header(std::string name, std::string value) & {
  response_.headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

Reply&& Reply::with_header(std::string name, std::string value) && {
  response_.headers.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

}  // namespace sekisho::dicomweb
