// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/reply.h"

#include "http/response.h"

namespace sekisho::dicomweb {
namespace {

constexpr std::string_view kReceiptHeader = "Sekisho-Receipt";

}  // namespace

Reply Reply::not_found() { return error(404); }

Reply Reply::error(int status) {
  http::Response constant = http::error_response(status);
  Reply reply(status);
  reply.headers_ = std::move(constant.headers);
  reply.text_ = std::move(constant.text);
  reply.size_bytes_ = reply.text_.size();
  return reply;
}

Reply Reply::json(const audit::Receipt& receipt, std::string body) {
  return whole(200, "application/dicom+json", std::move(body))
      .with_header(std::string(kReceiptHeader), std::to_string(receipt.seq()));
}

Reply Reply::stored(int status, std::string body) {
  return whole(status, "application/dicom+json", std::move(body));
}

Reply Reply::log_file(std::string content_type, std::string body) {
  return whole(200, std::move(content_type), std::move(body));
}

Reply Reply::whole(int status, std::string content_type, std::string body) {
  Reply reply(status);
  reply.text_ = std::move(body);
  reply.size_bytes_ = reply.text_.size();
  reply.with_header("Content-Type", std::move(content_type));
  return reply;
}

Reply Reply::stream(const audit::Receipt& receipt, std::string content_type,
                    std::optional<std::uint64_t> size_bytes, std::unique_ptr<Body> body) {
  Reply reply(200);
  reply.body_ = std::move(body);
  reply.size_bytes_ = size_bytes;
  reply.with_header("Content-Type", std::move(content_type));
  reply.with_header(std::string(kReceiptHeader), std::to_string(receipt.seq()));
  return reply;
}

Reply& Reply::with_header(std::string name, std::string value) & {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Reply&& Reply::with_header(std::string name, std::string value) && {
  headers_.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

}  // namespace sekisho::dicomweb
