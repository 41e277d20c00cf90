// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/memory_budget.h"
#include "dicomweb/disclosed_body.h"
#include "disclosure/disclosure.h"
#include "http/body.h"
#include "http/response.h"

namespace sekisho::dicomweb {

using http::Body;
using http::FileRange;

/// An answer. Patient data gets into one only by json() and stream(), which take what was
/// disclosed.
class Reply {
 public:
  /// The one answer to everything refused, hidden, foreign or absent: 404, constant body.
  static Reply not_found();
  /// Constant bodies: 400, 406, 413, 415, 429, 500, 503.
  static Reply error(int status);
  /// An empty list of matches is no patient data but goes on record all the same; an empty body is
  /// 204 (PS3.18 §10.6.3.1). Like a stream's, its header `Sekisho-Receipt` says which log has it,
  /// and where.
  static Reply rows(const disclosure::DisclosedRows& rows, std::string content_type,
                    std::string body);
  /// What became of objects that were sent (PS3.18 §10.5.3): no patient data. `location` is where
  /// more is told, if anywhere.
  static Reply stored(int status, std::string body, std::string location);
  /// 200, or 206 with a `Warning` where the body is incomplete (PS3.18 §8.5.2).
  static Reply stream(std::string content_type, std::optional<std::uint64_t> size_bytes,
                      std::unique_ptr<DisclosedBody> body);

  int status() const { return response_.status; }
  const std::string& content_type() const { return response_.content_type; }
  const std::string& location() const { return response_.location; }
  const std::optional<http::EntityTag>& tag() const { return response_.tag; }
  const std::vector<std::pair<std::string, std::string>>& headers() const {
    return response_.headers;
  }
  Reply& with_header(std::string name, std::string value) &;
  Reply&& with_header(std::string name, std::string value) &&;
  /// What is sent under it can be asked for in ranges, and is not sent to who has it.
  void bear(http::EntityTag tag) { response_.tag = std::move(tag); }
  /// What a browser may do with it (http::Content::data unless it is said).
  void show_as(http::Content content) { response_.content = content; }
  /// What was taken for its text is kept until that is sent.
  void keep(core::MemoryBudget::Taken memory) { response_.memory = std::move(memory); }

  /// A body that is here already, or a stream; `size_bytes` is unknown for a stream of parts.
  const std::string& text() const { return response_.text; }
  Body* body() const { return response_.body.get(); }
  std::optional<std::uint64_t> size_bytes() const { return response_.size_bytes; }

  /// What is sent. Nothing of it is kept anywhere (http::Caching::no_store).
  http::Response take_response() && { return std::move(response_); }

 private:
  explicit Reply(http::Response response) : response_(std::move(response)) {}
  http::Response response_;
};

}  // namespace sekisho::dicomweb
