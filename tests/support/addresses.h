// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <string_view>

#include "core/network.h"

namespace sekisho::tests {

inline core::IpAddress address(std::string_view text) {
  const auto parsed = core::IpAddress::parse(text);
  assert(parsed.has_value());
  return *parsed;
}

inline core::Network network(std::string_view text) {
  const auto parsed = core::Network::parse(text);
  assert(parsed.has_value());
  return *parsed;
}

}  // namespace sekisho::tests
