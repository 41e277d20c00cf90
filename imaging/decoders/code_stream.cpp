// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/code_stream.h"

#include "imaging/big_endian.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;
using Process = StreamShape::Process;

constexpr core::Byte kMarker = 0xFF;
constexpr std::uint16_t kStartOfImage = 0xFFD8;
constexpr std::uint16_t kStartOfCodeStream = 0xFF4F;
constexpr std::uint16_t kSize = 0xFF51;

std::optional<Process> process_of(core::Byte marker) {
  switch (marker) {
    case 0xC0:
    case 0xC1:
      return Process::jpeg_sequential;
    case 0xC3:
      return Process::jpeg_lossless;
    case 0xF7:
      return Process::jpeg_ls;
    default:
      return std::nullopt;
  }
}

/// Segments that may stand before the frame header: tables, restart interval, applications,
/// comments (T.81 §B.2.4), JPEG-LS parameters.
bool may_precede_frame(core::Byte marker) {
  return marker == 0xC4 || (marker >= 0xDB && marker <= 0xDD) ||
         (marker >= 0xE0 && marker <= 0xEF) || marker == 0xF8 || marker == 0xFE;
}

std::optional<StreamShape> read_frame_header(ByteView segment, Process process) {
  constexpr std::size_t kFixed = 8;  // length, precision, lines, samples per line, components
  if (segment.size() < kFixed) return std::nullopt;
  return StreamShape{process, big16(segment, 3), big16(segment, 5), segment[7], segment[2], false};
}

std::optional<StreamShape> read_jpeg(ByteView stream) {
  std::size_t at = 2;
  while (at + 4 <= stream.size() && stream[at] == kMarker) {
    const core::Byte marker = stream[at + 1];
    if (marker == kMarker) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t length = big16(stream, at + 2);
    if (length < 2 || length > stream.size() - at - 2) return std::nullopt;
    if (const auto process = process_of(marker)) {
      return read_frame_header(stream.subspan(at + 2, length), *process);
    }
    if (!may_precede_frame(marker)) return std::nullopt;
    at += 2 + length;
  }
  return std::nullopt;
}

std::optional<StreamShape> read_jpeg_2000(ByteView stream) {
  constexpr std::size_t kSegment = 4;  // after the two markers; offsets of T.800 Table A.9
  if (stream.size() < kSegment + 38 || big16(stream, 2) != kSize) return std::nullopt;
  StreamShape shape;
  shape.process = Process::jpeg_2000;
  shape.components = big16(stream, kSegment + 36);
  const std::size_t end = kSegment + 38 + std::size_t{shape.components} * 3;
  if (shape.components == 0 || end > stream.size() || big16(stream, kSegment) != end - kSegment) {
    return std::nullopt;
  }
  if (big32(stream, kSegment + 12) != 0 || big32(stream, kSegment + 16) != 0) return std::nullopt;
  shape.columns = big32(stream, kSegment + 4);
  shape.rows = big32(stream, kSegment + 8);
  const core::Byte depth = stream[kSegment + 38];
  for (std::size_t at = kSegment + 38; at < end; at += 3) {
    if (stream[at] != depth || stream[at + 1] != 1 || stream[at + 2] != 1) return std::nullopt;
  }
  shape.precision = (depth & 0x7FU) + 1;
  shape.is_signed = (depth & 0x80U) != 0;
  return shape;
}

}  // namespace

std::optional<StreamShape> read_stream_shape(ByteView stream) {
  if (stream.size() < 4) return std::nullopt;
  if (big16(stream, 0) == kStartOfImage) return read_jpeg(stream);
  if (big16(stream, 0) == kStartOfCodeStream) return read_jpeg_2000(stream);
  return std::nullopt;
}

}  // namespace sekisho::imaging
