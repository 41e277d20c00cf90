// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/body.h"

#include <stdexcept>

namespace sekisho::http {

FileRange Body::take_file(std::uint64_t /*most_bytes*/) {
  throw std::logic_error("a body without files was asked for one");
}

}  // namespace sekisho::http
