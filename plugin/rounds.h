// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/demand.h"
#include "core/log.h"
#include "core/thread.h"

namespace sekisho::plugin {

/// Looks after what ends by itself, once a second, on a thread of its own. A duty that throws is
/// done again in the next round; the operator is told when that begins.
/// One that can take long returns soon once it is not wanted any more.
class Rounds {
 public:
  using Duty = std::function<void(const core::Demand&)>;
  /// What the duties work on outlives this.
  Rounds(std::vector<Duty> duties, core::Log report,
         std::chrono::milliseconds interval = std::chrono::seconds(1));
  /// Waits for a round that is under way.
  ~Rounds();
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;

 private:
  void run(const std::stop_token& stop);

  // Constant after construction.
  const std::vector<Duty> duties_;
  const core::Log report_;
  const std::chrono::milliseconds interval_;

  std::vector<std::string_view> told_;  ///< for each duty, how it last failed; owned by thread_

  core::Thread thread_;  // last: it works on all of the above
};

}  // namespace sekisho::plugin
