// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/frame_after_frame.h"

#include <algorithm>
#include <utility>

#include "core/store_error.h"

namespace sekisho::imaging {

using core::Byte;

FrameAfterFrame::FrameAfterFrame(DecodedFrames frames, Change change)
    : frames_(std::move(frames)), change_(std::move(change)) {}

Decoded FrameAfterFrame::begin() {
  const core::MutexLock lock(mutex_);
  const Decoded first = decode(0);
  if (const auto* photometric = std::get_if<Photometric>(&first)) photometric_ = *photometric;
  return first;
}

std::optional<Refusal> FrameAfterFrame::try_others(const core::Demand& demand) const {
  for (std::uint32_t frame = 1; frame < frames_.count(); ++frame) {
    demand.ask();
    const core::MutexLock lock(mutex_);
    if (const auto refusal = keep(frame)) return refusal;
  }
  return std::nullopt;
}

void FrameAfterFrame::read(std::uint64_t offset, std::span<Byte> out) const {
  const core::MutexLock lock(mutex_);
  const std::uint64_t frame_bytes = frames_.frame_bytes();
  while (!out.empty()) {
    const auto frame = static_cast<std::uint32_t>(offset / frame_bytes);
    const auto begin = static_cast<std::size_t>(offset % frame_bytes);
    if (frame != kept_ && keep(frame)) {
      throw core::StoreError("a frame cannot be decoded as the first one was");
    }
    const auto part = out.first(std::min(out.size(), cells_.size() - begin));
    std::ranges::copy(std::span(cells_).subspan(begin, part.size()), part.begin());
    offset += part.size();
    out = out.subspan(part.size());
  }
}

std::uint64_t FrameAfterFrame::memory_bytes() const {
  return frames_.frame_bytes() + frames_.working_bytes();
}

Decoded FrameAfterFrame::decode(std::uint32_t frame) const {
  kept_.reset();
  cells_.resize(static_cast<std::size_t>(frames_.frame_bytes()));
  Decoded decoded = frames_.read(frame, cells_);
  if (const auto* photometric = std::get_if<Photometric>(&decoded)) {
    if (change_) change_(cells_, *photometric);
    kept_ = frame;
  }
  return decoded;
}

std::optional<Refusal> FrameAfterFrame::keep(std::uint32_t frame) const {
  const Decoded decoded = decode(frame);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
  if (std::get<Photometric>(decoded) == photometric_) return std::nullopt;
  kept_.reset();
  return Refusal::malformed;
}

}  // namespace sekisho::imaging
