// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/mutex.h"
#include "core/time.h"

namespace sekisho::plugin {

/// What comes into the archive, by its numbered list of changes: one question for a request answers
/// it for all that the request is about. Any thread.
class Arrivals {
 public:
  using Number = std::uint64_t;
  /// How the archive is asked. Called by any thread, many at once.
  struct Source {
    /// The number of the last change; `nullopt` where the archive does not say.
    std::function<std::optional<Number>()> last_change;
    /// Orthanc's names of the studies into which the changes behind `since` up to `last` brought
    /// something, and of the patients to whom they brought studies; `nullopt` where the list does
    /// not tell, or is too long to be read.
    std::function<std::optional<std::vector<std::string>>(Number since, Number last)> grown;
  };
  /// Told of each of these.
  using OnGrown = std::function<void(const std::string& id)>;

  Arrivals(Source source, core::Clock clock, OnGrown on_grown)
      : source_(std::move(source)), clock_(std::move(clock)), on_grown_(std::move(on_grown)) {}

  /// Asks, unless somebody has since `since`, and tells of each that has grown.
  /// The answer is another number than before where something came and nobody could tell whereto.
  /// What the source throws, this throws.
  std::uint64_t untold(core::Time since);

 private:
  struct Known {
    std::optional<Number> last_change;
    core::Time asked_at;
  };
  /// Whether everything behind `before` is told now.
  bool tell(const std::optional<Number>& before, const std::optional<Number>& last);

  // Constant after construction.
  const Source source_;
  const core::Clock clock_;
  const OnGrown on_grown_;

  core::Mutex mutex_;  ///< held while the archive is asked as well: what came is told once
  // Guarded by mutex_.
  std::optional<Known> known_;
  std::uint64_t untold_ = 0;
};

}  // namespace sekisho::plugin
