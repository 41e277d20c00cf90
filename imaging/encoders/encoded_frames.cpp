// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/encoders/encoded_frames.h"

#include <algorithm>

#include "core/store_error.h"

namespace sekisho::imaging {

using core::Bytes;

std::variant<std::shared_ptr<const EncodedFrames>, Refusal> EncodedFrames::of(
    DecodedFrames frames, const PixelEncoder& encoder, std::vector<std::uint32_t> wanted,
    const core::Demand& demand, core::MemoryBudget::Taken* memory) {
  if (!can_encode(encoder, frames.shape())) return Refusal::unsupported;
  const std::shared_ptr<EncodedFrames> made(
      new EncodedFrames(std::move(frames), encoder, std::move(wanted)));
  if (memory != nullptr && made->memory_bytes() > core::kUncountedBytes) {
    memory->grow(memory->bytes() + made->memory_bytes(), demand);
  }
  Bytes cells;
  for (std::size_t place = 0; place < made->wanted_.size(); ++place) {
    demand.ask();
    auto stream = made->measure(place, cells);
    if (const auto* refusal = std::get_if<Refusal>(&stream)) return *refusal;
    made->keep(static_cast<std::uint32_t>(place), std::get<Bytes>(std::move(stream)));
  }
  return made;
}

/// The stream of one of the wanted frames; where it stands is known from now on.
std::variant<Bytes, Refusal> EncodedFrames::measure(std::size_t place, Bytes& cells) {
  const auto decoded = decode(wanted_[place], cells);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return *refusal;
  const Photometric photometric = std::get<Photometric>(decoded);
  if (place == 0) cells_ = photometric;
  // A header says one thing of all frames.
  if (photometric != cells_) return Refusal::unsupported;
  auto stream = encode(cells);
  if (const auto* bytes = std::get_if<Bytes>(&stream)) {
    const std::uint64_t end = streams_.empty() ? 0 : streams_.back().offset + streams_.back().size;
    streams_.push_back({end, bytes->size()});
  }
  return stream;
}

std::variant<Photometric, Refusal> EncodedFrames::decode(std::uint32_t frame, Bytes& cells) const {
  cells.resize(static_cast<std::size_t>(frames_.frame_bytes()));
  const Decoded decoded = frames_.read(frame, cells);
  // Pairs of pixels were made whole (PS3.3 §C.7.6.3.1.2).
  const auto* photometric = std::get_if<Photometric>(&decoded);
  if (photometric != nullptr && *photometric == Photometric::ybr_full_422) {
    return Photometric::ybr_full;
  }
  return decoded;
}

Encoded EncodedFrames::encode(core::ByteView cells) const {
  ImageShape shape = frames_.shape();
  shape.photometric = cells_;
  shape.planes = ImageShape::Planes::interleaved;
  return encoder_.encode(cells, shape);
}

std::uint64_t EncodedFrames::memory_bytes() const {
  return frames_.frame_bytes() + frames_.working_bytes() + encoding_bytes(frames_.shape());
}

EncodedFrames::Place EncodedFrames::place_of(std::uint64_t offset) const {
  const auto after = std::ranges::upper_bound(streams_, offset, {}, &PixelRange::offset);
  const auto place = static_cast<std::size_t>(after - streams_.begin()) - 1;
  return {static_cast<std::uint32_t>(place), streams_[place]};
}

void EncodedFrames::make(std::uint32_t place, Bytes& made) const {
  Bytes cells;
  const auto decoded = decode(wanted_.at(place), cells);
  if (std::holds_alternative<Photometric>(decoded)) {
    Encoded stream = encode(cells);
    if (auto* bytes = std::get_if<Bytes>(&stream)) {
      made = std::move(*bytes);
      return;
    }
  }
  throw core::StoreError("a frame cannot be encoded again");
}

}  // namespace sekisho::imaging
