// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/part_content.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sekisho::dicomweb {

PartContent PartContent::of_bytes(core::Bytes bytes) {
  const std::uint64_t size = bytes.size();
  return {std::move(bytes), size};
}

PartContent PartContent::of_range(imaging::PixelSource pixels, imaging::PixelRange range) {
  return {Ranged{std::move(pixels), range.offset}, range.size};
}

PartContent PartContent::of_frame(const std::shared_ptr<const imaging::FrameIndex>& frames,
                                  std::uint32_t frame) {
  if (const auto range = frames->range_of(frame)) return of_range(frames->pixels(), *range);
  return {Frame{frames, frame}, frames->size_of(frame).value()};
}

PartContent PartContent::of_made(std::shared_ptr<const core::ByteMaker> maker, std::uint32_t frame,
                                 imaging::PixelRange range) {
  return {Made{std::move(maker), frame, range.offset}, range.size};
}

PartContent PartContent::of_pixels(const std::shared_ptr<const imaging::FrameIndex>& frames) {
  if (const auto range = frames->value_range()) return of_range(frames->pixels(), *range);
  return {Frame{frames, std::nullopt}, frames->value_bytes()};
}

void PartContent::read(std::uint64_t offset, std::span<core::Byte> out) const {
  if (const auto* bytes = std::get_if<core::Bytes>(&from_)) {
    std::ranges::copy(std::span(*bytes).subspan(offset, out.size()), out.begin());
  } else if (const auto* ranged = std::get_if<Ranged>(&from_)) {
    ranged->pixels.read(ranged->offset + offset, out);
  } else if (const auto* made = std::get_if<Made>(&from_)) {
    made->maker->read(made->offset + offset, out);
  } else {
    const auto& frame = std::get<Frame>(from_);
    if (frame.number) {
      frame.index->read(*frame.number, offset, out);
    } else {
      frame.index->read_value(offset, out);
    }
  }
}

core::Sha256 PartContent::digest() const {
  if (const auto* bytes = std::get_if<core::Bytes>(&from_)) return core::sha256(*bytes);
  std::string which;
  if (const auto* ranged = std::get_if<Ranged>(&from_)) {
    which = "bytes " + std::to_string(ranged->offset);
  } else if (const auto* made = std::get_if<Made>(&from_)) {
    which = "frame " + std::to_string(made->number) + " anew";
  } else {
    const auto& number = std::get<Frame>(from_).number;
    which = number ? "frame " + std::to_string(*number) : "frames";
  }
  return core::sha256(core::as_bytes(which + ", " + std::to_string(size_)));
}

std::optional<http::FileRange> PartContent::file_at(std::uint64_t offset) const {
  const auto* ranged = std::get_if<Ranged>(&from_);
  if (ranged == nullptr || ranged->pixels.file().descriptor() < 0) return std::nullopt;
  const auto range = ranged->pixels.range_at(ranged->offset + offset);
  if (!range) return std::nullopt;
  return http::FileRange{ranged->pixels.file(), range->offset,
                         std::min(range->size, size_ - offset)};
}

}  // namespace sekisho::dicomweb
