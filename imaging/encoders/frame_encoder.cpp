// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/encoders/frame_encoder.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging {
namespace {

/// PS3.6 2026c Table A-1. Streams in the syntax .91, which may be lossy, are lossless too.
constexpr auto kEncoders = std::to_array<PixelEncoder>({
    {"1.2.840.10008.1.2.4.80", Loss::none, encode_jpeg_ls},        // JPEG-LS lossless
    {"1.2.840.10008.1.2.4.90", Loss::none, encode_jpeg_2000},      // JPEG 2000 lossless only
    {"1.2.840.10008.1.2.4.91", Loss::none, encode_jpeg_2000},      // JPEG 2000
    {"1.2.840.10008.1.2.4.70", Loss::none, encode_jpeg_lossless},  // Process 14, Selection Value 1
    {"1.2.840.10008.1.2.5", Loss::none, encode_rle},
    {"1.2.840.10008.1.2.4.50", Loss::possible, encode_jpeg},  // Baseline
});

/// Indices into a palette, and what has a sign, are no brightness.
bool has_eight_bits_of_brightness(const ImageShape& shape) {
  return shape.bits_allocated == 8 && shape.bits_stored == 8 &&
         shape.sign == ImageShape::Sign::without && shape.photometric != Photometric::palette_color;
}

}  // namespace

std::span<const PixelEncoder> pixel_encoders() { return kEncoders; }

const PixelEncoder* find_encoder(std::string_view transfer_syntax) {
  const auto* encoder =
      std::ranges::find(kEncoders, transfer_syntax, &PixelEncoder::transfer_syntax);
  return encoder == kEncoders.end() ? nullptr : encoder;
}

bool can_encode(const PixelEncoder& encoder, const ImageShape& shape) {
  if (encoder.loss == Loss::possible) return has_eight_bits_of_brightness(shape);
  // PS3.5 §G.2: a segment of RLE for each byte of a cell.
  const bool is_long_for_bytes = shape.bits_allocated == 32 && shape.samples == 1;
  return shape.bits_allocated == 8 || shape.bits_allocated == 16 ||
         (is_long_for_bytes && encoder.encode == encode_rle);
}

Photometric photometric_of(const PixelEncoder& encoder, Photometric cells) {
  const bool is_transformed = encoder.encode == encode_jpeg_2000 && cells == Photometric::rgb;
  return is_transformed ? Photometric::ybr_rct : cells;
}

std::uint64_t encoding_bytes(const ImageShape& shape) {
  // OpenJPEG, which needs most: each sample as an integer in the image, another in the tile, and
  // its codes. What cannot be compressed takes a little more than it was.
  constexpr std::uint64_t kEncodedSampleBytes = 3 * sizeof(std::int32_t);
  return shape.frame_samples() * kEncodedSampleBytes + 2 * shape.frame_bytes();
}

Encoded cleaned(StreamCleaner cleaner, core::ByteView stream, const ImageShape& shape) {
  const CleanedStream clean = cleaner(stream, frame_layout(shape));
  if (const auto* refusal = std::get_if<Refusal>(&clean)) return *refusal;
  return std::get<CleanStream>(clean).edits.bytes(stream);
}

}  // namespace sekisho::imaging
