// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/dicom/element_header.h"
#include "imaging/encoders/frame_encoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;

constexpr std::size_t kHeaderBytes = 64;  // PS3.5 §G.5: a count and 15 offsets
constexpr std::size_t kMostSegments = 15;
constexpr std::size_t kLongestRun = 128;

std::size_t run_at(ByteView row, std::size_t at) {
  const std::size_t end = std::min(row.size(), at + kLongestRun);
  std::size_t after = at + 1;
  while (after < end && row[after] == row[at]) ++after;
  return after - at;
}

/// PS3.5 §G.3.1: runs of at least three equal bytes as one byte, others as they are; none goes over
/// the end of a row.
void pack(ByteView row, Bytes& out) {
  constexpr std::size_t kShortestRun = 3;
  for (std::size_t at = 0; at < row.size();) {
    const std::size_t run = run_at(row, at);
    if (run >= kShortestRun) {
      out.push_back(static_cast<Byte>(257 - run));
      out.push_back(row[at]);
      at += run;
      continue;
    }
    std::size_t end = at + run;
    while (end < row.size()) {
      const std::size_t next = run_at(row, end);
      if (next >= kShortestRun) break;
      end += next;
    }
    end = std::min(end, at + kLongestRun);
    out.push_back(static_cast<Byte>(end - at - 1));
    out.insert(out.end(), row.begin() + static_cast<std::ptrdiff_t>(at),
               row.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }
}

}  // namespace

Encoded encode_rle(ByteView cells, const ImageShape& shape) {
  const std::size_t cell = shape.bytes_per_sample();
  const std::size_t segments = shape.samples * cell;
  if (segments == 0 || segments > kMostSegments) return Refusal::unsupported;
  const auto write = [](Bytes& to, std::size_t place, std::size_t number) {
    core::dicom::write32(to.data() + place, static_cast<std::uint32_t>(number),
                         core::dicom::ByteOrder::little);
  };
  Bytes stream(kHeaderBytes);
  write(stream, 0, segments);
  Bytes row(shape.columns);
  for (std::size_t i = 0; i < segments; ++i) {
    write(stream, 4 + 4 * i, stream.size());
    // Samples in order; of each, the most significant byte first (PS3.5 §G.2).
    const std::size_t place = i / cell * cell + (cell - 1 - i % cell);
    for (std::size_t y = 0; y < shape.rows; ++y) {
      const Byte* from = cells.data() + y * shape.columns * segments + place;
      for (std::size_t x = 0; x < row.size(); ++x) row[x] = from[x * segments];
      pack(row, stream);
    }
    if (stream.size() % 2 != 0) stream.push_back(0);  // §G.4
  }
  return stream;
}

}  // namespace sekisho::imaging
