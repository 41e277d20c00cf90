// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <optional>

#include "core/dicom/element_header.h"
#include "imaging/clean_stream.h"

namespace sekisho::fuzz {

inline void require(bool ok) {
  if (!ok) std::abort();
}

/// What a data set may say of the stream: the first eight bytes.
struct Frame {
  imaging::PixelLayout layout;
  core::ByteView stream;
};
inline std::optional<Frame> frame_in(core::ByteView input) {
  constexpr std::size_t kHead = 8;
  if (input.size() < kHead) return std::nullopt;
  Frame frame;
  auto& layout = frame.layout;
  layout.rows = 1 + core::dicom::read16(input.data(), core::dicom::ByteOrder::little) % 512;
  layout.columns = 1 + core::dicom::read16(input.data() + 2, core::dicom::ByteOrder::little) % 512;
  layout.samples = input[4] % 2 == 0 ? 1 : 3;
  layout.bits_allocated = input[5] % 2 == 0 ? 8 : 16;
  layout.high_bit = input[6] % layout.bits_allocated;
  layout.low_bit = input[7] % 4 != 3 ? 0 : layout.high_bit / 2;
  layout.is_signed = input[5] % 4 > 1;
  frame.stream = input.subspan(kHead);
  return frame;
}

/// The stream as it leaves, if it does: cleaning it again changes nothing, and what was clean is
/// one part.
inline std::optional<core::Bytes> clean_twice(imaging::StreamCleaner cleaner, const Frame& frame) {
  const auto once = cleaner(frame.stream, frame.layout);
  const auto* first = std::get_if<imaging::CleanStream>(&once);
  if (first == nullptr) return std::nullopt;
  core::Bytes bytes = first->edits.bytes(frame.stream);
  require(bytes.size() == first->edits.size());
  const auto twice = cleaner(bytes, frame.layout);
  const auto* second = std::get_if<imaging::CleanStream>(&twice);
  require(second != nullptr);
  require(second->edits.bytes(bytes) == bytes && second->edits.parts().size() == 1);
  require(second->may_use_other_bits == first->may_use_other_bits);
  return bytes;
}

}  // namespace sekisho::fuzz
