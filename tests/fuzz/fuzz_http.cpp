// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever bytes a client or a proxy sends, a proxy's header, a request head and a chunked body are
// read or refused, however the bytes arrive, and what is read keeps its promises.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/bytes.h"
#include "http/characters.h"
#include "http/cookie.h"
#include "http/entity_tag.h"
#include "http/proxy_header.h"
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

/// What a proxy's header came to, and how many bytes were taken for it.
std::pair<ProxyReading, std::size_t> read_proxy(std::string_view bytes, std::size_t step) {
  std::size_t taken = 0;
  while (true) {
    ProxyReading reading = read_proxy_header(core::as_bytes(bytes.substr(0, taken)));
    const auto* rest = std::get_if<ProxyHeaderRest>(&reading);
    if (rest == nullptr || taken == bytes.size()) return {std::move(reading), taken};
    require(rest->bytes > 0 && taken + rest->bytes <= kLongestProxyHeader);
    taken += std::min({rest->bytes, step, bytes.size() - taken});
  }
}

/// Nothing of what stands behind it is taken, and it says the same however it arrives.
void read_proxy(std::string_view bytes) {
  const auto [reading, taken] = read_proxy(bytes, bytes.size() + 1);
  const auto [piecemeal, taken_piecemeal] = read_proxy(bytes, 1);
  require(reading.index() == piecemeal.index());
  const auto* header = std::get_if<ProxyHeader>(&reading);
  if (header == nullptr) return;
  require(taken == taken_piecemeal);
  require(header->client == std::get<ProxyHeader>(piecemeal).client);
  const auto whole = read_proxy_header(core::as_bytes(bytes));
  require(std::get<ProxyHeader>(whole).client == header->client);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_head(bytes);
  require(read_body(bytes, 1) == read_body(bytes, size + 1));
  read_proxy(bytes);
  read_proxy(std::string("\r\n\r\n\0\r\nQUIT\n", 12).append(bytes));
  return 0;
}
