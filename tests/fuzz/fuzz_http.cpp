// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bytes a client sends, a request head and a chunked body are read or refused, however the
// bytes arrive, and what is read keeps its promises.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "http/characters.h"
#include "http/cookie.h"
#include "http/entity_tag.h"
#include "http/range.h"
#include "http/request_body.h"
#include "http/request_head.h"
#include "http/target.h"

namespace {

using namespace sekisho;
using namespace sekisho::http;

constexpr std::uint64_t kBodyLimit = 1 << 18;
constexpr std::uint64_t kSizeBytes = 1000;

void require(bool ok) {
  if (!ok) std::abort();
}

/// What is asked of every request later.
void use(const Request& request) {
  require(request.target == "*" || request.target.starts_with('/'));
  require(request.target.find_first_of("# \t\r\n") == std::string::npos);
  for (const auto& [name, value] : request.fields) {
    require(is_token(name) && name == lowered(name));
    for (const char c : value) require(!is_control(c) || c == '\t');
  }
  parse_target(request.target);
  cookie_of(request, "__Host-sekisho");
  lists(request.field("if-none-match"), EntityTag("a"));
  const Wanted wanted = wanted_range(request, kSizeBytes, EntityTag("a"));
  if (const auto* range = std::get_if<ByteRange>(&wanted)) {
    require(range->size_bytes > 0 && range->offset < kSizeBytes);
    require(range->size_bytes <= kSizeBytes - range->offset);
  }
}

void read_head(std::string_view bytes) {
  HeadScanner whole;
  const auto state = whole.scan(bytes);
  HeadScanner piecemeal;
  auto piece_state = HeadScanner::State::incomplete;
  for (std::size_t size = 1; size <= bytes.size() && piece_state == HeadScanner::State::incomplete;
       ++size) {
    piece_state = piecemeal.scan(bytes.substr(0, size));
  }
  require(piece_state == state || bytes.empty());
  if (state != HeadScanner::State::complete) return;
  require(piecemeal.head_begin() == whole.head_begin());
  require(piecemeal.head_bytes() == whole.head_bytes());
  const auto parsed =
      parse_request(bytes.substr(whole.head_begin(), whole.head_bytes() - whole.head_begin()));
  if (const auto* request = std::get_if<Request>(&parsed)) use(*request);
}

/// The state that the body came to, and what it held.
std::pair<RequestBody::State, std::uint64_t> read_body(std::string_view bytes, std::size_t step) {
  Request request;
  request.framing = BodyFraming::chunked;
  Spool spool("/nowhere", Limits{});
  RequestBody body(request, kBodyLimit, Spool::Place(spool, "a clinic"));
  std::string arrived;
  while (true) {
    const auto state = body.take(arrived);
    if (state == RequestBody::State::complete) return {state, body.finish().value().size_bytes()};
    if (state != RequestBody::State::incomplete || bytes.empty()) return {state, 0};
    arrived += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_head(bytes);
  require(read_body(bytes, 1) == read_body(bytes, size + 1));
  return 0;
}
