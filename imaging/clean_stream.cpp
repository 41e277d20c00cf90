// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/clean_stream.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging {
namespace {

struct Row {
  std::string_view transfer_syntax;
  StreamCleaner clean;
};

/// PS3.6 2026c Table A-1. Not here: video; JPEG XL (.4.110 to .112); Deflated Image Frame; JPEG
/// processes that are retired and no decoder of ours has.
constexpr auto kCleaners = std::to_array<Row>({
    {"1.2.840.10008.1.2.1.98", clean_uncompressed},
    {"1.2.840.10008.1.2.4.50", clean_jpeg},       // Baseline
    {"1.2.840.10008.1.2.4.51", clean_jpeg},       // Extended
    {"1.2.840.10008.1.2.4.57", clean_jpeg},       // Lossless, Process 14
    {"1.2.840.10008.1.2.4.70", clean_jpeg},       // … Selection Value 1
    {"1.2.840.10008.1.2.4.80", clean_jpeg},       // JPEG-LS
    {"1.2.840.10008.1.2.4.81", clean_jpeg},       // … near-lossless
    {"1.2.840.10008.1.2.4.90", clean_jpeg_2000},  // Lossless only
    {"1.2.840.10008.1.2.4.91", clean_jpeg_2000},
    {"1.2.840.10008.1.2.4.92", clean_jpeg_2000},  // Part 2, as far as it is Part 1
    {"1.2.840.10008.1.2.4.93", clean_jpeg_2000},
    {"1.2.840.10008.1.2.4.201", clean_jpeg_2000},  // HTJ2K lossless only
    {"1.2.840.10008.1.2.4.202", clean_jpeg_2000},  // … RPCL
    {"1.2.840.10008.1.2.4.203", clean_jpeg_2000},
    {"1.2.840.10008.1.2.5", clean_rle},
});

}  // namespace

StreamCleaner find_cleaner(std::string_view transfer_syntax) {
  const auto* row = std::ranges::find(kCleaners, transfer_syntax, &Row::transfer_syntax);
  return row == kCleaners.end() ? nullptr : row->clean;
}

}  // namespace sekisho::imaging
