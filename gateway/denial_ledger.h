// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/time.h"

namespace sekisho::gateway {

/// Keeps a flood of refusals from filling the audit log: in each minute the first ones of an
/// address are put on record one by one, the others are counted. Bounded in memory: addresses
/// beyond the limit are counted together. Any thread.
class DenialLedger {
 public:
  static constexpr std::uint64_t kSingly = 20;
  static constexpr std::size_t kAddresses = 4096;
  static constexpr std::chrono::minutes kWindow{1};

  enum class Treatment { record, count };
  Treatment note(const std::string& address, core::Time now);

  struct Repeated {
    std::string address;  ///< empty: the addresses beyond the limit
    std::uint64_t times = 0;
  };
  /// What was counted in a minute that is over. Each is told once.
  std::vector<Repeated> take_finished(core::Time now);
  /// What was counted so far, for when the door closes.
  std::vector<Repeated> take_all();

 private:
  std::vector<Repeated> take();

  std::mutex mutex_;
  // Guarded by mutex_.
  core::Time window_end_{};
  std::unordered_map<std::string, std::uint64_t> times_;
  std::uint64_t others_ = 0;
};

}  // namespace sekisho::gateway
