// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/memory_budget.h"
#include "http/body.h"
#include "http/cookie.h"
#include "http/entity_tag.h"
#include "http/range.h"

namespace sekisho::http {

struct Request;

/// Where an answer may be kept (RFC 9111 §5.2.2). Only one with status 200, 206 or 304 and without
/// a cookie is kept anywhere.
enum class Caching {
  no_store,    ///< nowhere: nothing stays on a lost tablet
  revalidate,  ///< by the browser, which asks each time whether it is still so; wants a tag
  immutable,   ///< by the browser, for a year: what has its hash in its name
};

/// What a browser is allowed to do with an answer that it shows (response_head.cpp has the texts).
enum class Content {
  data,      ///< JSON, DICOM, styles, scripts: shown by itself it runs nothing and loads nothing
  page,      ///< one of ours: scripts and styles of this origin
  document,  ///< of a stranger, to be looked at: a sandbox, in a frame of ours too
};

/// An answer as the connection sends it: a text, or a stream of bytes that is pulled. A value.
struct Response {
  int status = 200;
  std::string content_type;  ///< empty: none is said
  Content content = Content::data;
  Caching caching = Caching::no_store;
  std::optional<EntityTag> tag;
  std::string location;  ///< of a redirection, or of what was created
  std::vector<SetCookie> cookies;
  std::optional<ContentRange> range;  ///< with 206 and 416
  /// Whatever else is said. What the members above say, and what the connection says of itself, is
  /// left out.
  std::vector<std::pair<std::string, std::string>> headers;

  std::string text;
  core::MemoryBudget::Taken memory;  ///< for the text, until it is sent
  std::unique_ptr<Body> body;
  std::optional<std::uint64_t> size_bytes;  ///< of `body`, where it is known
};

Response text_response(int status, std::string content_type, std::string text);

/// What an answer with this status says: what every reader of the standard knows of the status,
/// nothing of the request. JSON, the same bytes each time.
Response error_response(int status);

/// 303: the browser gets `path` next (RFC 9110 §15.4.4). `path` begins with one slash: nobody is
/// sent to another host. Throws std::invalid_argument.
Response see_other(std::string_view path);

/// `response`, or 304 where the request says that its sender has it already (RFC 9110 §13.1.2). A
/// body of which nothing leaves is told so (Body::unsent).
Response unless_known(Response response, const Request& request);

/// `response`, or of a body that has a size and a tag the range that the request asks for: 206, or
/// 416 where there is none (RFC 9110 §14). What more `response` says stays. Throws what
/// Body::skip() throws.
Response in_range(Response response, const Request& request);

/// 503 with a Retry-After field (RFC 9110 §10.2.3): for what there will be room later.
Response no_room_response();

}  // namespace sekisho::http
