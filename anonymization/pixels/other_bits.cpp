// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/other_bits.h"

#include <algorithm>

#include "imaging/cell_mask.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using imaging::ImageShape;
using imaging::Photometric;

}  // namespace

bool are_other_bits_clear(const core::dicom::CheckedFile& file, const imaging::PixelSource& pixels,
                          const core::Demand& demand, core::MemoryBudget::Taken* memory) {
  const auto read = imaging::read_image_shape(file);
  const auto* shape = std::get_if<ImageShape>(&read);
  const imaging::PixelCodec* codec = imaging::find_codec(file.transfer_syntax().uid);
  if (shape == nullptr || codec == nullptr || shape->bits_allocated == 1) return false;
  // The frame, what it is compared with, and what a decoder needs: OpenJPEG has an integer for each
  // sample, twice.
  const std::uint64_t needed = 2 * shape->frame_bytes() + 8 * shape->frame_bytes();
  if (memory != nullptr && needed > core::kUncountedBytes) {
    memory->grow(memory->bytes() + needed, demand);
  }
  const imaging::CellMask mask(imaging::frame_layout(*shape), core::dicom::ByteOrder::little);
  Bytes frame(shape->frame_bytes());
  for (const auto& place : pixels.streams()) {
    demand.ask();
    Bytes stream(place.size);
    pixels.read(place.offset, stream);
    if (!std::holds_alternative<Photometric>(codec->decode(stream, *shape, frame))) return false;
    Bytes masked = frame;
    mask.apply(masked);
    if (masked != frame) return false;
  }
  return true;
}

}  // namespace sekisho::anonymization
