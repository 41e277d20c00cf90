// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/dicom/element_header.h"
#include "imaging/decoders/frame_decoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;

constexpr std::size_t kHeaderBytes = 64;  // PS3.5 §G.5: a count and 15 offsets
constexpr std::size_t kMostSegments = 15;

std::size_t header_word(ByteView stream, std::size_t index) {
  return core::dicom::read32(stream.data() + index * 4, core::dicom::ByteOrder::little);
}

/// Unpacks one segment (PS3.5 §G.3.2) into every `step`th byte of `out`. False if it does not fill
/// them.
bool unpack(ByteView segment, std::span<Byte> out, std::size_t first, std::size_t step) {
  std::size_t to = first;
  std::size_t from = 0;
  const auto put = [&](Byte byte) {
    out[to] = byte;
    to += step;
  };
  while (to < out.size() && from < segment.size()) {
    const auto control = static_cast<std::int8_t>(segment[from++]);
    if (control == -128) continue;  // no operation
    const std::size_t count = control >= 0 ? std::size_t{1} + static_cast<std::size_t>(control)
                                           : std::size_t{1} + static_cast<std::size_t>(-control);
    if (control >= 0) {
      // Past the last byte of the frame there may be padding that was encoded with it.
      for (std::size_t i = 0; i < count && from < segment.size(); ++i, ++from) {
        if (to < out.size()) put(segment[from]);
      }
    } else if (from < segment.size()) {
      const Byte byte = segment[from++];
      for (std::size_t i = 0; i < count && to < out.size(); ++i) put(byte);
    }
  }
  return to >= out.size();
}

}  // namespace

Decoded decode_rle(ByteView stream, const ImageShape& shape, std::span<Byte> out) {
  const std::size_t cell = shape.bytes_per_sample();
  const std::size_t segments = shape.samples * cell;
  if (segments == 0 || shape.photometric == Photometric::ybr_full_422) {
    return Refusal::unsupported;
  }
  if (stream.size() < kHeaderBytes || segments > kMostSegments ||
      header_word(stream, 0) != segments) {
    return Refusal::malformed;
  }
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t begin = header_word(stream, 1 + i);
    const std::size_t end = i + 1 < segments ? header_word(stream, 2 + i) : stream.size();
    if (begin < kHeaderBytes || end < begin || end > stream.size()) {
      return Refusal::malformed;
    }
    // Samples in order; of each, the most significant byte first (PS3.5 §G.2).
    const std::size_t sample = i / cell;
    const std::size_t place = sample * cell + (cell - 1 - i % cell);
    if (!unpack(stream.subspan(begin, end - begin), out, place, segments)) {
      return Refusal::malformed;
    }
  }
  return shape.photometric;
}

}  // namespace sekisho::imaging
