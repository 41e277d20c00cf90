// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "core/bytes.h"
#include "imaging/edited_stream.h"
#include "imaging/pixel_layout.h"
#include "imaging/refusal.h"

namespace sekisho::imaging {

/// A code stream without anything that decoding does not need, and what is known of its samples.
struct CleanStream {
  EditedStream edits;
  /// Bits above and below the stored ones may be anything in the decoded samples.
  bool may_use_other_bits = false;
};
using CleanedStream = std::variant<CleanStream, Refusal>;

/// Walks one frame's stream to its last byte. What it does not know it refuses; of what it knows,
/// it lets through what a decoder needs for the declared frame. Cleaning what it made changes
/// nothing. Stateless; any thread.
using StreamCleaner = CleanedStream (*)(core::ByteView stream, const PixelLayout& layout);

/// Null for a transfer syntax whose streams are not understood here: video, JPEG XL (its metadata
/// are coded among its pixels), private ones.
StreamCleaner find_cleaner(std::string_view transfer_syntax);

/// JPEG with Huffman coding, sequential or lossless (ITU-T T.81), and JPEG-LS (T.87).
CleanedStream clean_jpeg(core::ByteView stream, const PixelLayout& layout);
/// JPEG 2000 and High-Throughput JPEG 2000 (T.800, T.814), bare or in a JP2 file (T.800 Annex I),
/// of which the code stream is left.
CleanedStream clean_jpeg_2000(core::ByteView stream, const PixelLayout& layout);
/// PS3.5 Annex G.
CleanedStream clean_rle(core::ByteView stream, const PixelLayout& layout);
/// A frame as it is, in a fragment (PS3.5 §A.4.11).
CleanedStream clean_uncompressed(core::ByteView stream, const PixelLayout& layout);

}  // namespace sekisho::imaging
