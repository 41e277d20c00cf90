// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/memory_budget.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/encoders/frame_encoder.h"
#include "imaging/frame_after_frame.h"

namespace sekisho::imaging {

/// Frames as code streams of another transfer syntax, one behind the other, without padding. What
/// they are made of is what may leave: masked before. Any thread.
class EncodedFrames final : public FrameAfterFrame {
 public:
  /// Encodes each of `wanted`, frames that are there, to see that it can be and how long it
  /// becomes. Only the last is kept: who reads the others has them encoded again, so that no more
  /// than one is in memory. `memory` has as much more of its budget before; null: nothing is
  /// counted. Throws StoreError, MemoryShortage and DemandOver.
  static std::variant<std::shared_ptr<const EncodedFrames>, Refusal> of(
      DecodedFrames frames, const PixelEncoder& encoder, std::vector<std::uint32_t> wanted,
      const core::Demand& demand, core::MemoryBudget::Taken* memory);

  const ImageShape& shape() const { return frames_.shape(); }
  /// Whether something may have been lost before, or is now.
  Loss loss() const { return encoder_.loss == Loss::none ? frames_.loss() : encoder_.loss; }
  /// What a header must say of the streams.
  Photometric photometric() const { return photometric_of(encoder_, cells_); }
  /// Where each of the wanted ones stands in what read() gives.
  const std::vector<PixelRange>& streams() const { return streams_; }
  std::uint64_t memory_bytes() const override;

 private:
  EncodedFrames(DecodedFrames frames, const PixelEncoder& encoder,
                std::vector<std::uint32_t> wanted)
      : frames_(std::move(frames)), encoder_(encoder), wanted_(std::move(wanted)) {}
  Place place_of(std::uint64_t offset) const override;
  void make(std::uint32_t place, core::Bytes& made) const override;
  std::variant<Photometric, Refusal> decode(std::uint32_t frame, core::Bytes& cells) const;
  Encoded encode(core::ByteView cells) const;
  std::variant<core::Bytes, Refusal> measure(std::size_t place, core::Bytes& cells);

  const DecodedFrames frames_;
  const PixelEncoder encoder_;
  const std::vector<std::uint32_t> wanted_;
  // Constant once of() has returned.
  std::vector<PixelRange> streams_;
  Photometric cells_ = Photometric::monochrome2;
};

}  // namespace sekisho::imaging
