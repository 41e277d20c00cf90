// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "core/byte_maker.h"
#include "core/demand.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"
#include "imaging/decoders/decoded_frames.h"

namespace sekisho::imaging {

/// The cells of all frames, one after another, as one value that is decoded while it is read. The
/// frame that was read last is kept: readers take them piece by piece. Any thread.
class FrameAfterFrame final : public core::ByteMaker {
 public:
  /// Changes the cells of one frame, before anybody sees them. Any thread.
  using Change = std::function<void(std::span<core::Byte> cells, Photometric photometric)>;

  explicit FrameAfterFrame(DecodedFrames frames, Change change = {});

  /// Decodes the first frame, which says what they all are; comes before anything is read.
  Decoded begin();
  /// Decodes all others: why one of them cannot be read, if so. Throws StoreError and DemandOver.
  std::optional<Refusal> try_others(const core::Demand& demand) const;

  /// A frame that is damaged, or has other colours than the first, is a StoreError.
  void read(std::uint64_t offset, std::span<core::Byte> out) const override;
  /// Of the frame that is kept, and what its decoder needs.
  std::uint64_t memory_bytes() const override;

 private:
  Decoded decode(std::uint32_t frame) const SEKISHO_REQUIRES(mutex_);
  /// Nothing is kept where this says why it cannot be.
  std::optional<Refusal> keep(std::uint32_t frame) const SEKISHO_REQUIRES(mutex_);

  const DecodedFrames frames_;
  const Change change_;
  mutable core::Mutex mutex_;
  Photometric photometric_ SEKISHO_GUARDED_BY(mutex_) = Photometric::monochrome2;
  mutable std::optional<std::uint32_t> kept_ SEKISHO_GUARDED_BY(mutex_);
  mutable core::Bytes cells_ SEKISHO_GUARDED_BY(mutex_);
};

}  // namespace sekisho::imaging
