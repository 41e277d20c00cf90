// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "audit/proof/witness_session.h"

namespace sekisho::plugin {

/// POSTs to one witness over HTTP/1.1, directly, without redirections. A TLS server must have a
/// certificate for its name by `ca_file`, or by the system's authorities where that is empty.
class WitnessClient {
 public:
  WitnessClient(const std::string& url, std::filesystem::path ca_file);

  /// `nullopt` where no whole answer came within 10 s, or `stop` was requested before. Any thread.
  std::optional<audit::WitnessReply> post(const std::string& body,
                                          const std::stop_token& stop) const;

 private:
  const std::string target_;
  const std::filesystem::path ca_file_;
};

}  // namespace sekisho::plugin
