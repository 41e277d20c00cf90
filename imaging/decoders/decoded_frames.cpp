// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/decoded_frames.h"

#include <algorithm>
#include <utility>

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;

/// PS3.5 §A.4.11.
constexpr std::string_view kEncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";

/// PS3.3 §C.7.6.3.1.3: all of one sample, then all of the next.
void by_pixel(ByteView planes, const ImageShape& shape, std::span<Byte> out) {
  const std::size_t cell = shape.bytes_per_sample();
  const std::size_t pixels = std::size_t{shape.rows} * shape.columns;
  for (std::size_t sample = 0; sample < shape.samples; ++sample) {
    for (std::size_t i = 0; i < pixels; ++i) {
      std::copy_n(&planes[(sample * pixels + i) * cell], cell,
                  &out[(i * shape.samples + sample) * cell]);
    }
  }
}

/// PS3.3 §C.7.6.3.1.2: two luminances, then the blue and the red chrominance of both pixels.
void whole_samples(ByteView pairs, std::span<Byte> out) {
  for (std::size_t from = 0, to = 0; from + 4 <= pairs.size(); from += 4) {
    for (const std::size_t luminance : {from, from + 1}) {
      out[to++] = pairs[luminance];
      out[to++] = pairs[from + 2];
      out[to++] = pairs[from + 3];
    }
  }
}

/// Of a frame that is compressed: its decoder has several integers for each.
constexpr std::uint64_t kMostDecodedSamples = 1ULL << 26;

}  // namespace

bool is_decodable(std::string_view transfer_syntax) {
  const auto syntax = core::dicom::TransferSyntax::from_uid(transfer_syntax);
  if (!syntax) return false;
  return syntax->pixels == core::dicom::PixelCoding::native ||
         transfer_syntax == kEncapsulatedUncompressed || find_codec(transfer_syntax) != nullptr;
}

std::variant<DecodedFrames, Refusal> DecodedFrames::of(FrameIndex frames,
                                                       const core::dicom::Dataset& header,
                                                       const core::dicom::TransferSyntax& syntax) {
  const auto read = read_image_shape(header);
  if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
  DecodedFrames decoded(std::move(frames));
  decoded.shape_ = std::get<ImageShape>(read);
  const ImageShape& shape = decoded.shape_;
  const bool is_native = decoded.frames_.is_native();
  if (!is_native) decoded.codec_ = find_codec(syntax.uid);
  if (!is_native && (decoded.codec_ == nullptr || shape.bits_allocated == 1)) {
    return Refusal::unsupported;
  }
  if (!is_native && shape.frame_samples() > kMostDecodedSamples) return Refusal::too_large;
  // Half a pair has no meaning, and who has all samples in planes has not subsampled them.
  const bool is_in_pairs = is_native && decoded.frames_.layout().is_subsampled;
  if (is_in_pairs && (shape.columns % 2 != 0 || shape.planes == ImageShape::Planes::separate ||
                      shape.bits_allocated != 8)) {
    return Refusal::unsupported;
  }
  return decoded;
}

std::uint64_t DecodedFrames::working_bytes() const {
  // OpenJPEG, which needs most: each sample as an integer in the image, and another in the tile.
  constexpr std::uint64_t kDecodedSampleBytes = 2 * sizeof(std::int32_t);
  if (codec_ == nullptr) return frame_bytes();
  return frame_bytes() + shape_.frame_samples() * kDecodedSampleBytes;
}

Decoded DecodedFrames::read(std::uint32_t frame, std::span<Byte> out) const {
  const auto size = frames_.size_of(frame);
  if (!size || out.size() != frame_bytes()) return Refusal::malformed;
  if (*size > kMostPixelBytes) return Refusal::too_large;
  Bytes stored(static_cast<std::size_t>(*size));
  frames_.read(frame, 0, stored);
  if (codec_ != nullptr) return codec_->decode(stored, shape_, out);
  const std::uint64_t expected = frames_.layout().is_subsampled ? out.size() / 3 * 2 : out.size();
  if (stored.size() != expected) return Refusal::malformed;
  spread(stored, out);
  return shape_.photometric;
}

/// What is no code stream.
void DecodedFrames::spread(ByteView stored, std::span<Byte> out) const {
  if (frames_.layout().is_subsampled) return whole_samples(stored, out);
  if (shape_.planes == ImageShape::Planes::separate) return by_pixel(stored, shape_, out);
  std::ranges::copy(stored, out.begin());
}

}  // namespace sekisho::imaging
