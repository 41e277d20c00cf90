// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "core/demand.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/frame_after_frame.h"

namespace sekisho::imaging {

/// The cells of all frames, one behind the other, decoded when they are read. A frame that turns
/// out to be damaged, or to have other colours than those that were looked at, makes that a
/// StoreError. Any thread.
class CellsInTurn final : public FrameAfterFrame {
 public:
  /// Changes the cells of one frame before anybody sees them. Any thread.
  using Change = std::function<void(std::span<core::Byte> cells, Photometric photometric)>;
  enum class LookAt {
    some,  ///< before anybody waits for too long: the first, up to 64 MiB of cells, one in any case
    all,
  };

  /// Decodes frames of `wanted`, which are there and not none, to see that they can be. Throws
  /// StoreError and DemandOver.
  static std::variant<std::shared_ptr<const CellsInTurn>, Refusal> of(
      DecodedFrames frames, std::span<const std::uint32_t> wanted, const core::Demand& demand,
      LookAt look = LookAt::some, Change change = {});

  const DecodedFrames& frames() const { return frames_; }
  Photometric photometric() const { return photometric_; }
  std::uint64_t memory_bytes() const override { return memory_to_read(frames_); }
  /// What it takes of memory, before there is one.
  static std::uint64_t memory_to_read(const DecodedFrames& frames) {
    return frames.frame_bytes() + frames.working_bytes();
  }

 private:
  CellsInTurn(DecodedFrames frames, Photometric photometric, Change change)
      : frames_(std::move(frames)), photometric_(photometric), change_(std::move(change)) {}
  Place place_of(std::uint64_t offset) const override;
  void make(std::uint32_t frame, core::Bytes& made) const override;

  const DecodedFrames frames_;
  const Photometric photometric_;
  const Change change_;
};

}  // namespace sekisho::imaging
