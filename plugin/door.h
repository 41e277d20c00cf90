// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "core/mutex.h"
#include "core/thread.h"
#include "gateway/gateway.h"

namespace sekisho::plugin {

/// The recipient door: opens the gateway, and where that fails tries again until it works: after a
/// reboot the VPN's address may come later than Orthanc, and a mended certificate needs no restart.
/// close() belongs to the thread that made it; any thread may call the rest.
class Door {
 public:
  /// Returns after the first attempt. Never throws for its failure: see state().
  Door(gateway::Options options, gateway::Ports ports,
       std::chrono::milliseconds retry_after = std::chrono::seconds(30));
  /// Closes at once.
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  /// As Gateway::close(). It does not open again.
  void close(std::chrono::milliseconds deadline);

  struct State {
    bool open = false;
    std::uint16_t tls_port = 0;
    std::uint16_t plain_port = 0;
    int connections = 0;
    std::string trouble;  ///< why it is shut, in words for staff; empty while it is open
  };
  State state() const;

 private:
  /// Empty once it is open, else why not, in words for the operator's log.
  std::string try_to_open();
  void keep_trying(const std::stop_token& stop);

  // Constant after construction.
  const gateway::Options options_;
  const gateway::Ports ports_;
  const std::chrono::milliseconds retry_after_;

  mutable core::Mutex mutex_;
  // Guarded by mutex_.
  std::unique_ptr<gateway::Gateway> gateway_;
  std::string trouble_;

  core::Thread opener_;  // last: it works on all of the above
};

}  // namespace sekisho::plugin
