// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "imaging/edited_stream.h"
#include "imaging/jpeg_segments.h"

namespace sekisho::imaging::jpeg {

/// The tables of one part of a scan.
struct PartTables {
  HuffmanTable dc;
  HuffmanTable ac;  ///< not of lossless frames
};

/// Where the coded data of a scan lie, and how often a restart marker stands among them (T.81
/// §B.2.4.4); 0: never.
struct CodedData {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint32_t restart_interval = 0;
};

/// Reads every code of a Huffman-coded scan (T.81 Annex F.2.2, H.2) without making pixels of them,
/// and keeps what was read: bytes between the last code of an interval and the next marker are left
/// out. False: there is a code that no table has, or restart markers are not where they belong.
/// Data that end early are kept as they are.
bool keep_coded_data(core::ByteView stream, const Frame& frame, const Scan& scan,
                     std::span<const PartTables> tables, const CodedData& data, EditedStream& out);

}  // namespace sekisho::imaging::jpeg
