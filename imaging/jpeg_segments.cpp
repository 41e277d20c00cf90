// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/jpeg_segments.h"

#include <algorithm>
#include <bitset>
#include <cstring>

#include "imaging/big_endian.h"

namespace sekisho::imaging::jpeg {
namespace {

using core::Byte;
using core::ByteView;

constexpr Byte kMarker = 0xFF;

bool is_frame(Byte marker) {
  return marker == kBaseline || marker == kExtended || marker == kLossless || marker == kJpegLs;
}

/// What may stand before, between and behind scans, with a length of its own.
bool is_known(Byte marker) {
  return is_frame(marker) || marker == kHuffmanTables || marker == kStartOfScan ||
         marker == kQuantizationTables || marker == kRestartInterval || marker == kJpegLsPreset ||
         marker == kComment || (marker >= kFirstApplication && marker <= kLastApplication);
}

/// Where the marker is that ends the coded data beginning at `at`; restart markers belong to them
/// (T.81 §B.1.1.5). In JPEG-LS a byte below 0x80 is stuffed after 0xFF (T.87 §A.1), elsewhere 0.
std::optional<std::uint64_t> end_of_coded_data(ByteView stream, std::uint64_t at, bool is_jpeg_ls) {
  while (at + 1 < stream.size()) {
    const void* found = std::memchr(stream.data() + at, kMarker, stream.size() - 1 - at);
    if (found == nullptr) return std::nullopt;
    at = static_cast<std::uint64_t>(static_cast<const Byte*>(found) - stream.data());
    const Byte next = stream[at + 1];
    const bool is_stuffed = is_jpeg_ls ? next < 0x80 : next == 0;
    const bool is_restart = next >= kFirstRestart && next <= kLastRestart;
    if (!is_stuffed && !is_restart) return at;
    at += 2;
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::vector<Segment>, Refusal> read_segments(ByteView stream) {
  if (stream.size() < 4 || stream[0] != kMarker || stream[1] != kStartOfImage) {
    return Refusal::malformed;
  }
  std::vector<Segment> segments{{kStartOfImage, 0, 2, 2, 0}};
  bool is_jpeg_ls = false;
  std::uint64_t at = 2;
  while (at + 1 < stream.size()) {
    if (stream[at] != kMarker) return Refusal::malformed;
    const Byte marker = stream[at + 1];
    if (marker == kMarker) {
      ++at;
      continue;
    }
    if (marker == kEndOfImage) {
      segments.push_back({marker, at, at + 2, at + 2, 0});
      return segments;
    }
    if (!is_known(marker)) return Refusal::unsupported;
    if (stream.size() - at < 4) return Refusal::malformed;
    const std::uint32_t length = big16(stream, at + 2);
    if (length < 2 || length > stream.size() - at - 2) return Refusal::malformed;
    Segment segment{marker, at, at + 4, at + 2 + length, 0};
    is_jpeg_ls |= marker == kJpegLs;
    at = segment.end;
    if (marker == kStartOfScan) {
      const auto end = end_of_coded_data(stream, at, is_jpeg_ls);
      if (!end) return Refusal::malformed;
      segment.coded_end = at = *end;
    }
    segments.push_back(segment);
  }
  return Refusal::malformed;
}

std::optional<Frame> read_frame(Byte process, ByteView payload) {
  constexpr std::size_t kFixed = 6;  // precision, lines, samples per line, components
  constexpr std::size_t kPerComponent = 3;
  if (payload.size() < kFixed || payload.size() != kFixed + payload[5] * kPerComponent) {
    return std::nullopt;
  }
  Frame frame{process, payload[0], big16(payload, 1), big16(payload, 3), {}};
  for (std::size_t at = kFixed; at < payload.size(); at += kPerComponent) {
    const std::uint32_t sampling = payload[at + 1];
    const Component component{payload[at], sampling >> 4U, sampling & 0xFU, payload[at + 2]};
    const auto same = [&](const Component& other) { return other.id == component.id; };
    if (component.horizontal < 1 || component.horizontal > 4 || component.vertical < 1 ||
        component.vertical > 4 || component.quantization > 3 ||
        std::ranges::any_of(frame.components, same)) {
      return std::nullopt;
    }
    frame.components.push_back(component);
  }
  if (frame.components.empty()) return std::nullopt;
  return frame;
}

std::optional<Scan> read_scan(const Frame& frame, ByteView payload) {
  constexpr std::size_t kMost = 4;
  if (payload.empty()) return std::nullopt;
  const std::size_t count = payload[0];
  if (count < 1 || count > kMost || payload.size() != 1 + 2 * count + 3) return std::nullopt;
  Scan scan;
  for (std::size_t i = 0; i < count; ++i) {
    const Byte id = payload[1 + 2 * i];
    const Byte tables = payload[2 + 2 * i];
    const auto found = std::ranges::find(frame.components, id, &Component::id);
    if (found == frame.components.end()) return std::nullopt;
    Scan::Part part{static_cast<std::size_t>(found - frame.components.begin()), tables, 0};
    if (!frame.is_jpeg_ls()) {
      part.dc = static_cast<Byte>(tables >> 4U);
      part.ac = static_cast<Byte>(tables & 0xFU);
      if (part.dc > 3 || part.ac > 3) return std::nullopt;
    }
    scan.parts.push_back(part);
  }
  // Of sequential scans the last three bytes say nothing (T.81 Table B.3): they are made anew.
  const ByteView rest = payload.last(3);
  if (frame.is_jpeg_ls()) {
    // NEAR, the interleave mode and the point transform.
    if (rest[1] > 2 || rest[2] > 15) return std::nullopt;
  } else if (frame.is_lossless()) {
    if (rest[0] < 1 || rest[0] > 7 || rest[1] != 0 || rest[2] > 15) return std::nullopt;
  }
  return scan;
}

std::optional<std::vector<TableDefinition>> read_quantization_tables(ByteView stream,
                                                                     const Segment& segment) {
  constexpr std::size_t kElements = 64;
  std::vector<TableDefinition> tables;
  for (std::uint64_t at = segment.payload; at < segment.end;) {
    const Byte id = stream[at];
    if ((id >> 4U) > 1 || (id & 0xFU) > 3) return std::nullopt;
    const std::uint64_t size = 1 + kElements * ((id >> 4U) + 1U);
    if (size > segment.end - at) return std::nullopt;
    tables.push_back({id, at, at + size, 0});
    at += size;
  }
  return tables;
}

std::optional<std::vector<TableDefinition>> read_huffman_tables(ByteView stream,
                                                                const Segment& segment) {
  constexpr std::size_t kLengths = 16;
  std::vector<TableDefinition> tables;
  for (std::uint64_t at = segment.payload; at < segment.end;) {
    if (segment.end - at < 1 + kLengths) return std::nullopt;
    const Byte id = stream[at];
    if ((id >> 4U) > 1 || (id & 0xFU) > 3) return std::nullopt;
    std::uint32_t values = 0;
    std::uint32_t room = 1;  // codes that are left at this length
    for (std::size_t i = 0; i < kLengths; ++i) {
      const Byte count = stream[at + 1 + i];
      room *= 2;
      if (count > room) return std::nullopt;
      room -= count;
      values += count;
    }
    const std::uint64_t size = 1 + kLengths + values;
    if (values > 256 || size > segment.end - at) return std::nullopt;
    std::bitset<256> seen;
    for (const Byte value : stream.subspan(at + 1 + kLengths, values)) {
      const bool is_category = (id >> 4U) == 0;
      if (seen[value] || (is_category && value > 16)) return std::nullopt;
      seen.set(value);
    }
    tables.push_back({id, at, at + size, 0});
    at += size;
  }
  return tables;
}

HuffmanTable huffman_table(ByteView stream, const TableDefinition& definition) {
  HuffmanTable table;
  std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(definition.begin + 1),
              table.counts.size(), table.counts.begin());
  const std::uint64_t values = definition.begin + 1 + table.counts.size();
  table.values = stream.subspan(values, definition.end - values);
  return table;
}

}  // namespace sekisho::imaging::jpeg
