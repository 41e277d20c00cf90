// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/frame_decoder.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging {
namespace {

/// PS3.6 2026c Table A-1.
constexpr auto kCodecs = std::to_array<PixelCodec>({
    {"1.2.840.10008.1.2.5", Loss::none, decode_rle},
    {"1.2.840.10008.1.2.4.50", Loss::possible, decode_jpeg},       // Baseline
    {"1.2.840.10008.1.2.4.51", Loss::possible, decode_jpeg},       // Extended, 8 and 12 bits
    {"1.2.840.10008.1.2.4.57", Loss::none, decode_jpeg_lossless},  // Process 14
    {"1.2.840.10008.1.2.4.70", Loss::none, decode_jpeg_lossless},  // … Selection Value 1
    {"1.2.840.10008.1.2.4.80", Loss::none, decode_jpeg_ls},        // Lossless
    {"1.2.840.10008.1.2.4.81", Loss::possible, decode_jpeg_ls},    // Near-lossless
    {"1.2.840.10008.1.2.4.90", Loss::none, decode_jpeg_2000},      // Lossless only
    {"1.2.840.10008.1.2.4.91", Loss::possible, decode_jpeg_2000},
    // High throughput (ISO/IEC 15444-15), which OpenJPEG decodes from 2.5 on.
    {"1.2.840.10008.1.2.4.201", Loss::none, decode_jpeg_2000},  // Lossless only
    {"1.2.840.10008.1.2.4.202", Loss::none, decode_jpeg_2000},  // … RPCL
    {"1.2.840.10008.1.2.4.203", Loss::possible, decode_jpeg_2000},
});

}  // namespace

const PixelCodec* find_codec(std::string_view transfer_syntax) {
  const auto* codec = std::ranges::find(kCodecs, transfer_syntax, &PixelCodec::transfer_syntax);
  return codec == kCodecs.end() ? nullptr : codec;
}

}  // namespace sekisho::imaging
