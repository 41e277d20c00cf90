// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "anonymization/masking/mask.h"
#include "core/dicom_store.h"
#include "core/time.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"
#include "disclosure/viewing.h"

namespace sekisho::disclosure {

/// The masked instances of one answer, one at a time, for as long as their share is live and what
/// staff approved of them is not withdrawn. One thread at a time but where it says otherwise.
class InstanceSource {
 public:
  /// Why it stopped giving.
  enum class Stop { none, dead_share, unavailable };

  /// `ports` outlives this. `receipt` is where the answer stands in the log. The share was live at
  /// `live_at`.
  InstanceSource(const Ports& ports, std::shared_ptr<const ShareView> view,
                 std::vector<InstanceRef> instances, std::uint64_t receipt, core::Time live_at);

  std::size_t size() const { return instances_.size(); }
  /// Throws std::runtime_error where the share has died or the instance cannot be given: a list
  /// that silently lacks one would be taken for the whole.
  anonymization::Masked open(std::size_t index);
  /// Asks nobody: what was found while bytes were asked for.
  Stop stop() const { return live_ ? stop_ : Stop::dead_share; }
  /// How an answer from here ended.
  Ending ending(bool complete) const;
  /// The share is live, as far as the last 100 ms know. False too when the database cannot tell.
  /// Any thread.
  bool may_go_on() const;

 private:
  const Ports& ports_;
  const std::shared_ptr<const ShareView> view_;
  const std::vector<InstanceRef> instances_;
  const std::vector<core::SeriesKey> approved_;  ///< whose images are among them
  const std::uint64_t receipt_;
  Stop stop_ = Stop::none;
  mutable std::atomic<bool> live_{true};
  mutable std::atomic<std::int64_t> asked_at_us_;
};

}  // namespace sekisho::disclosure
