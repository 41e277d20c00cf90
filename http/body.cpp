// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/body.h"

#include <algorithm>
#include <stdexcept>

namespace sekisho::http {

FileRange Body::take_file(std::uint64_t /*most_bytes*/) {
  throw std::logic_error("a body without files was asked for one");
}

void Body::skip(std::uint64_t bytes) {
  core::Bytes left_out(static_cast<std::size_t>(std::min<std::uint64_t>(bytes, 64 * 1024)));
  while (bytes > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, left_out.size()));
    const std::size_t count = read(std::span(left_out).first(most));
    if (count == 0) throw std::runtime_error("a body is shorter than was said");
    bytes -= count;
  }
}

}  // namespace sekisho::http
