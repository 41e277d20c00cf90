// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/byte_maker.h"
#include "core/bytes.h"
#include "core/mutex.h"
#include "imaging/pixel_plan.h"

namespace sekisho::imaging {

/// Frames that stand one behind the other and are made when they are read. The one that was made
/// last is kept: readers take them piece by piece. Any thread.
class FrameAfterFrame : public core::ByteMaker {
 public:
  void read(std::uint64_t offset, std::span<core::Byte> out) const final;

 protected:
  struct Place {
    std::uint32_t frame;
    PixelRange range;  ///< where it stands
  };
  /// Keeps `frame`, which was made elsewhere.
  void keep(std::uint32_t frame, core::Bytes made);

 private:
  /// Of a byte that is in one of them.
  virtual Place place_of(std::uint64_t offset) const = 0;
  /// Fills `made`, which has another frame or nothing, with `frame`. Throws StoreError.
  virtual void make(std::uint32_t frame, core::Bytes& made) const = 0;

  mutable core::Mutex mutex_;
  // Guarded by mutex_.
  mutable std::optional<std::uint32_t> kept_;
  mutable core::Bytes made_;
};

}  // namespace sekisho::imaging
