// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace sekisho::audit::report {

/// How far local time is ahead of UTC; at most 14 hours either way.
using Offset = std::chrono::minutes;
/// "+09:00".
std::string to_text(Offset offset);
std::optional<Offset> parse_offset(std::string_view text);

/// What the clocks of a place show. A value that needs no tables of zones: whoever checks a report
/// tells the same times, wherever that is.
struct Zone {
  struct Change {
    core::Time at;
    Offset offset{};  ///< from then on
    friend bool operator==(const Change&, const Change&) = default;
  };
  Offset offset{};              ///< to begin with
  std::vector<Change> changes;  ///< ascending

  Offset at(core::Time time) const;
  friend bool operator==(const Zone&, const Zone&) = default;
};

/// The time zone of this process while this lives, the system's own again after that: its clocks
/// are everybody's, so of one thread only.
class ProcessZone {
 public:
  /// A name such as "Asia/Tokyo", or an offset. `nullopt` for what this machine does not know.
  static std::optional<ProcessZone> named(std::string_view name);
  ~ProcessZone();
  ProcessZone(ProcessZone&& other) noexcept;
  ProcessZone(const ProcessZone&) = delete;
  ProcessZone& operator=(const ProcessZone&) = delete;

 private:
  explicit ProcessZone(const std::string& value);
  std::optional<std::string> before_;
  bool is_set_ = true;
};

/// What the process's time zone is between these times.
Zone zone_between(core::Time first, core::Time last);

}  // namespace sekisho::audit::report
