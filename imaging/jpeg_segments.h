// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "imaging/refusal.h"

namespace sekisho::imaging::jpeg {

/// Second bytes of markers (T.81 Table B.1, T.87 Table C.1).
enum Marker : core::Byte {
  kBaseline = 0xC0,  // SOF0
  kExtended = 0xC1,  // SOF1
  kLossless = 0xC3,  // SOF3
  kHuffmanTables = 0xC4,
  kFirstRestart = 0xD0,
  kLastRestart = 0xD7,
  kStartOfImage = 0xD8,
  kEndOfImage = 0xD9,
  kStartOfScan = 0xDA,
  kQuantizationTables = 0xDB,
  kRestartInterval = 0xDD,
  kFirstApplication = 0xE0,
  kLastApplication = 0xEF,
  kJpegLs = 0xF7,        // SOF55
  kJpegLsPreset = 0xF8,  // LSE
  kComment = 0xFE,
};

/// One marker and what belongs to it. Offsets count in the stream.
struct Segment {
  core::Byte marker = 0;
  std::uint64_t begin = 0;    ///< of 0xFF
  std::uint64_t payload = 0;  ///< behind the length; == end where there is none
  std::uint64_t end = 0;      ///< of the segment; coded data follow a start of scan
  /// Of a start of scan: where its coded data end, the marker behind them not included.
  std::uint64_t coded_end = 0;
};

/// The segments from the start of the image to its end; what comes after the end is not looked at.
/// Fill bytes (T.81 §B.1.1.2) lie between segments. Refuses markers that have no place in a stream
/// of one Huffman-coded frame or JPEG-LS frame that is not hierarchical.
std::variant<std::vector<Segment>, Refusal> read_segments(core::ByteView stream);

struct Component {
  core::Byte id = 0;
  std::uint32_t horizontal = 1;
  std::uint32_t vertical = 1;
  core::Byte quantization = 0;
};

/// The frame header (T.81 §B.2.2).
struct Frame {
  core::Byte process = 0;
  std::uint32_t precision = 0;
  std::uint32_t lines = 0;
  std::uint32_t columns = 0;
  std::vector<Component> components;
  bool is_lossless() const { return process == kLossless; }
  bool is_jpeg_ls() const { return process == kJpegLs; }
};
std::optional<Frame> read_frame(core::Byte process, core::ByteView payload);

/// The scan header (T.81 §B.2.3, T.87 §C.2.3).
struct Scan {
  struct Part {
    std::size_t component = 0;  ///< in Frame::components
    core::Byte dc = 0;          ///< of JPEG-LS: the mapping table
    core::Byte ac = 0;
  };
  std::vector<Part> parts;
};
std::optional<Scan> read_scan(const Frame& frame, core::ByteView payload);

/// A Huffman table (T.81 §B.2.4.2), as it is written.
struct HuffmanTable {
  std::array<core::Byte, 16> counts{};
  core::ByteView values;
};

/// One table of a segment that may define several (DQT, DHT).
struct TableDefinition {
  core::Byte id = 0;        ///< class and number, or precision and number: the first byte
  std::uint64_t begin = 0;  ///< in the stream
  std::uint64_t end = 0;
  std::uint64_t last_use = 0;  ///< the scan that used it, counted from 1; 0: none did
};
std::optional<std::vector<TableDefinition>> read_quantization_tables(core::ByteView stream,
                                                                     const Segment& segment);
/// Refuses codes that are no code, and a value that is there twice.
std::optional<std::vector<TableDefinition>> read_huffman_tables(core::ByteView stream,
                                                                const Segment& segment);
HuffmanTable huffman_table(core::ByteView stream, const TableDefinition& definition);

}  // namespace sekisho::imaging::jpeg
