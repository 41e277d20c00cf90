// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/demand.h"

namespace sekisho::outbound {

enum class WebScheme {
  https,
  http_too,  ///< for loopback, where the configuration allows it
};

/// A request to a web server of others over HTTP/1.1, without redirections.
struct WebCall {
  std::string url;
  std::filesystem::path ca_file;  ///< of an empty path: the system's authorities
  WebScheme scheme = WebScheme::https;
  std::vector<std::string> fields{};  ///< "Content-Type: text/plain"
  std::optional<std::string> body{};  ///< sent by POST; `nullopt`: a GET
  std::size_t largest_answer_bytes = 64 * 1024;
  std::chrono::milliseconds patience{10'000};  ///< with all of it
};

/// Whatever the server says.
struct WebAnswer {
  int status = 0;
  std::string content_type{};
  std::string body{};
};

/// `nullopt` where no whole answer came within its patience, or `demand` was over before. Any
/// thread.
std::optional<WebAnswer> ask(const WebCall& call, const core::Demand& demand);

}  // namespace sekisho::outbound
