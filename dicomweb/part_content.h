// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>

#include "core/byte_maker.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "http/body.h"
#include "imaging/frame_index.h"
#include "imaging/pixel_source.h"

namespace sekisho::dicomweb {

/// One value that leaves by itself, a frame among them. A movable value; one thread.
class PartContent {
 public:
  static PartContent of_bytes(core::Bytes bytes);
  /// Bytes of pixels as they are.
  static PartContent of_range(imaging::PixelSource pixels, imaging::PixelRange range);
  /// A frame that is there.
  static PartContent of_frame(const std::shared_ptr<const imaging::FrameIndex>& frames,
                              std::uint32_t frame);

  /// A frame that is coded anew when it is read, and stands there in what `maker` makes.
  static PartContent of_made(std::shared_ptr<const core::ByteMaker> maker, std::uint32_t frame,
                             imaging::PixelRange range);
  /// All of native pixels.
  static PartContent of_pixels(const std::shared_ptr<const imaging::FrameIndex>& frames);

  std::uint64_t size_bytes() const { return size_; }
  /// Fills `out` from `offset` on. Throws StoreError.
  void read(std::uint64_t offset, std::span<core::Byte> out) const;
  /// What tells it from everything else of its instance: of bytes in memory what they are, of
  /// pixels which they are.
  core::Sha256 digest() const;
  /// What from `offset` on stands in a file on disk.
  std::optional<http::FileRange> file_at(std::uint64_t offset) const;

 private:
  struct Ranged {
    imaging::PixelSource pixels;
    std::uint64_t offset;
  };
  struct Frame {
    std::shared_ptr<const imaging::FrameIndex> index;
    std::optional<std::uint32_t> number;  ///< none: all of them
  };
  struct Made {
    std::shared_ptr<const core::ByteMaker> maker;
    std::uint32_t number;
    std::uint64_t offset;
  };
  using From = std::variant<core::Bytes, Ranged, Frame, Made>;
  PartContent(From from, std::uint64_t size) : from_(std::move(from)), size_(size) {}

  From from_;
  std::uint64_t size_;
};

}  // namespace sekisho::dicomweb
