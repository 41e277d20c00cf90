// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/demand.h"
#include "core/dicom_store.h"
#include "core/time.h"
#include "disclosure/ports.h"
#include "sharing/authenticate.h"
#include "sharing/share.h"

namespace sekisho::disclosure {

/// Whether what was granted is granted still: the share is live, what staff approved of it is not
/// withdrawn, and what the recipient came with holds. What has ended stays ended. Any thread.
class Liveness {
 public:
  enum class State {
    live,
    ended,
    unknown,  ///< the database cannot tell, which ends it as well
  };

  /// `ports` outlives this. `approved` (ascending) are the series that it depends on. All of it was
  /// so at `live_at`.
  Liveness(const Ports& ports, sharing::ShareId share, std::vector<core::SeriesKey> approved,
           sharing::Credential credential, core::Time live_at);

  /// As far as the last 100 ms know: for between two buffers.
  State recently() const noexcept;
  /// As the databases say.
  State now() const noexcept;
  /// Asks nobody: what was found before.
  State found() const noexcept { return state_; }
  /// That of somebody who may have it, as far as the last 100 ms know, and waits until `stop`. This
  /// outlives it.
  core::Demand demand(std::stop_token stop) const;

 private:
  State ask(core::Time at) const noexcept;

  const Ports& ports_;
  const sharing::ShareId share_;
  const std::vector<core::SeriesKey> approved_;
  const sharing::Credential credential_;
  mutable std::atomic<State> state_{State::live};
  mutable std::atomic<std::int64_t> asked_at_us_;
};

}  // namespace sekisho::disclosure
