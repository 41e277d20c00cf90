// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "core/time.h"

namespace sekisho::disclosure {

/// Who was refused, as far as is known.
struct Refused {
  std::string address;
  std::string recipient_id;  ///< empty: nobody known
  friend auto operator<=>(const Refused&, const Refused&) = default;
};

/// Keeps a flood of refusals from filling the access log: in each minute the first ones of somebody
/// are put on record one by one, the others are counted; all addresses of one site
/// (core::Network::site_of: an IPv6 host has 2^64) are one. Bounded in memory: who comes beyond the
/// limit is counted together. Any thread.
class DenialLedger {
 public:
  static constexpr std::uint64_t kSingly = 20;
  static constexpr std::size_t kAtOnce = 4096;
  static constexpr std::chrono::minutes kWindow{1};

  enum class Treatment { record, count };
  Treatment note(const Refused& who, core::Time now);

  struct Repeated {
    Refused who;  ///< the first of its site; empty: those beyond the limit
    std::uint64_t times = 0;
  };
  /// What was counted in a minute that is over. Each is told once.
  std::vector<Repeated> take_finished(core::Time now);
  /// What was counted so far, for when the door closes.
  std::vector<Repeated> take_all();

 private:
  std::vector<Repeated> take() SEKISHO_REQUIRES(mutex_);

  core::Mutex mutex_;
  core::Time window_end_ SEKISHO_GUARDED_BY(mutex_){};
  std::map<Refused, Repeated> by_site_ SEKISHO_GUARDED_BY(mutex_);  ///< those on record included
  std::uint64_t others_ SEKISHO_GUARDED_BY(mutex_) = 0;
};

}  // namespace sekisho::disclosure
