// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <string>

#include "imaging/clean_stream.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/encoders/frame_encoder.h"
#include "streams.h"

namespace sekisho::imaging::tests {
namespace {

constexpr const char* kBaseline = "1.2.840.10008.1.2.4.50";
constexpr const char* kRle = "1.2.840.10008.1.2.5";
constexpr const char* kJpeg2000 = "1.2.840.10008.1.2.4.90";

ImageShape shape_of(std::uint32_t rows, std::uint32_t columns, std::uint32_t samples,
                    std::uint32_t bits) {
  ImageShape shape;
  shape.rows = rows;
  shape.columns = columns;
  shape.samples = samples;
  shape.bits_allocated = shape.bits_stored = bits;
  shape.high_bit = bits - 1;
  shape.photometric = samples == 3 ? Photometric::rgb : Photometric::monochrome2;
  return shape;
}

PixelLayout layout_of(const ImageShape& shape) {
  PixelLayout layout = tests::layout_of(shape.rows, shape.columns, shape.bits_allocated);
  layout.samples = shape.samples;
  layout.is_signed = shape.sign == ImageShape::Sign::with;
  layout.high_bit = shape.high_bit;
  layout.low_bit = shape.high_bit + 1 - shape.bits_stored;
  return layout;
}

enum class Content { noise, flat, extremes, ramp, lines };

/// Cells of which none has anything in bits that hold no sample.
Bytes cells_of(const ImageShape& shape, Content content) {
  std::mt19937 random(shape.rows * 131 + shape.columns);
  const std::size_t cell = shape.bytes_per_sample();
  const std::uint64_t mask = (std::uint64_t{1} << shape.bits_stored) - 1;
  Bytes cells(shape.frame_bytes());
  for (std::size_t i = 0; i < cells.size() / cell; ++i) {
    std::uint64_t value = 0;
    if (content == Content::noise) value = random();
    if (content == Content::flat) value = 77;
    if (content == Content::extremes) value = random() % 2 == 0 ? 0 : mask;
    if (content == Content::ramp) value = i * 3;
    if (content == Content::lines) value = i / 19 % 2 == 0 ? 5 : 200 + random() % 2;
    value &= mask;
    const bool is_negative =
        shape.sign == ImageShape::Sign::with && (value >> (shape.bits_stored - 1) & 1) != 0;
    if (is_negative) value |= ~mask;
    for (std::size_t byte = 0; byte < cell; ++byte) {
      cells[i * cell + byte] = static_cast<Byte>(value >> (8 * byte));
    }
  }
  return cells;
}

constexpr Content kContents[] = {Content::noise, Content::flat, Content::extremes, Content::ramp,
                                 Content::lines};

Bytes stream_of(const PixelEncoder& encoder, const Bytes& cells, const ImageShape& shape) {
  const Encoded encoded = encoder.encode(cells, shape);
  if (std::holds_alternative<Refusal>(encoded)) {
    ADD_FAILURE() << encoder.transfer_syntax << " refuses " << shape.rows << "x" << shape.columns;
    return {};
  }
  return std::get<Bytes>(encoded);
}

/// What our decoder, which is DCMTK's or OpenJPEG's, makes of it under the header that goes along.
Bytes decoded(const PixelEncoder& encoder, const Bytes& stream, ImageShape shape) {
  const Photometric cells = shape.photometric;
  shape.photometric = photometric_of(encoder, cells);
  Bytes out(shape.frame_bytes());
  const Decoded result = find_codec(encoder.transfer_syntax)->decode(stream, shape, out);
  const auto* photometric = std::get_if<Photometric>(&result);
  EXPECT_TRUE(photometric != nullptr && *photometric == cells) << encoder.transfer_syntax;
  return out;
}

void expect_the_same_back(const PixelEncoder& encoder, const ImageShape& shape) {
  for (const Content content : kContents) {
    const Bytes cells = cells_of(shape, content);
    const Bytes stream = stream_of(encoder, cells, shape);
    EXPECT_TRUE(decoded(encoder, stream, shape) == cells)
        << encoder.transfer_syntax << " " << shape.rows << "x" << shape.columns << "x"
        << shape.samples << " of " << shape.bits_stored << " in " << shape.bits_allocated
        << " bits, content " << static_cast<int>(content);
    EXPECT_EQ(stream_of(encoder, cells, shape), stream);
    // There is nothing in it to be left out, which cleaned() holds too of what it made.
    EXPECT_EQ(cleaned(find_cleaner(encoder.transfer_syntax), stream, layout_of(shape)), stream)
        << encoder.transfer_syntax;
  }
}

struct Size {
  std::uint32_t rows;
  std::uint32_t columns;
};

TEST(FrameEncoders, WithoutLossGiveBackEveryBit) {
  int encoders = 0;
  for (const PixelEncoder& encoder : pixel_encoders()) {
    if (encoder.loss != Loss::none) continue;
    ++encoders;
    for (const Size& size : {Size{1, 1}, Size{1, 40}, Size{40, 1}, Size{3, 3}, Size{2, 2},
                             Size{17, 23}, Size{64, 300}, Size{129, 131}}) {
      for (const std::uint32_t samples : {1U, 3U}) {
        for (const std::uint32_t bits : {8U, 16U}) {
          expect_the_same_back(encoder, shape_of(size.rows, size.columns, samples, bits));
        }
      }
    }
  }
  EXPECT_EQ(encoders, 5);
}

TEST(FrameEncoders, WithoutLossKeepSignsAndStoredBits) {
  for (const PixelEncoder& encoder : pixel_encoders()) {
    if (encoder.loss != Loss::none) continue;
    for (const auto sign : {ImageShape::Sign::with, ImageShape::Sign::without}) {
      for (const std::uint32_t stored : {1U, 5U, 8U, 9U, 12U, 15U, 16U}) {
        ImageShape shape = shape_of(31, 33, 1, stored <= 8 ? 8 : 16);
        shape.bits_stored = stored;
        shape.high_bit = stored - 1;
        shape.sign = sign;
        expect_the_same_back(encoder, shape);
      }
    }
  }
}

TEST(FrameEncoders, WithoutLossKeepColoursThatAreNotRed) {
  for (const PixelEncoder& encoder : pixel_encoders()) {
    if (encoder.loss != Loss::none) continue;
    ImageShape shape = shape_of(20, 21, 3, 8);
    shape.photometric = Photometric::ybr_full;
    expect_the_same_back(encoder, shape);
    shape = shape_of(20, 21, 1, 8);
    for (const auto photometric : {Photometric::monochrome1, Photometric::palette_color}) {
      shape.photometric = photometric;
      expect_the_same_back(encoder, shape);
    }
  }
}

TEST(FrameEncoders, OfRunLengthTakeCellsOf32Bits) {
  expect_the_same_back(*find_encoder(kRle), shape_of(9, 300, 1, 32));
}

TEST(FrameEncoders, BaselineIsNearTheOriginalAndHasNothingButPixels) {
  const PixelEncoder& encoder = *find_encoder(kBaseline);
  for (const auto photometric : {Photometric::monochrome2, Photometric::monochrome1,
                                 Photometric::rgb, Photometric::ybr_full}) {
    const bool is_colour = photometric == Photometric::rgb || photometric == Photometric::ybr_full;
    ImageShape shape = shape_of(48, 50, is_colour ? 3 : 1, 8);
    shape.photometric = photometric;
    Bytes cells(shape.frame_bytes());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t pixel = i / shape.samples;
      cells[i] = static_cast<Byte>(40 + pixel / 50 + i % shape.samples * 30 + pixel % 50 * 2);
    }
    const Bytes stream = stream_of(encoder, cells, shape);
    EXPECT_EQ(cleaned(find_cleaner(kBaseline), stream, layout_of(shape)), stream);
    ImageShape coded = shape;
    if (is_colour) coded.photometric = Photometric::ybr_full;
    Bytes back(shape.frame_bytes());
    ASSERT_TRUE(
        std::holds_alternative<Photometric>(find_codec(kBaseline)->decode(stream, coded, back)));
    if (photometric == Photometric::ybr_full) continue;  // back is RGB
    int worst = 0;
    for (std::size_t i = 0; i < cells.size(); ++i)
      worst = std::max(worst, std::abs(back[i] - cells[i]));
    EXPECT_LE(worst, 6) << name(photometric);
  }
}

TEST(FrameEncoders, BaselineIsForEightBitsOfBrightness) {
  const PixelEncoder& encoder = *find_encoder(kBaseline);
  EXPECT_TRUE(can_encode(encoder, shape_of(8, 8, 1, 8)));
  EXPECT_TRUE(can_encode(encoder, shape_of(8, 8, 3, 8)));
  EXPECT_FALSE(can_encode(encoder, shape_of(8, 8, 1, 16)));
  ImageShape shape = shape_of(8, 8, 1, 8);
  shape.bits_stored = 7;
  EXPECT_FALSE(can_encode(encoder, shape));
  shape = shape_of(8, 8, 1, 8);
  shape.sign = ImageShape::Sign::with;
  EXPECT_FALSE(can_encode(encoder, shape));
  shape = shape_of(8, 8, 1, 8);
  shape.photometric = Photometric::palette_color;
  EXPECT_FALSE(can_encode(encoder, shape));
}

TEST(FrameEncoders, TakeNoSingleBitsAndNoWordsOf32) {
  for (const PixelEncoder& encoder : pixel_encoders()) {
    EXPECT_FALSE(can_encode(encoder, shape_of(8, 8, 1, 1)));
    EXPECT_EQ(can_encode(encoder, shape_of(8, 8, 1, 32)), encoder.transfer_syntax == kRle);
    EXPECT_FALSE(can_encode(encoder, shape_of(8, 8, 3, 32)));
  }
}

// It would be lost, and who asked for a lossless syntax would not know.
TEST(FrameEncoders, OfJpeg2000RefuseWhatIsBesideTheStoredBits) {
  ImageShape shape = shape_of(8, 8, 1, 16);
  shape.bits_stored = 12;
  shape.high_bit = 11;
  Bytes cells(shape.frame_bytes());
  EXPECT_TRUE(std::holds_alternative<Bytes>(find_encoder(kJpeg2000)->encode(cells, shape)));
  cells[33] = 0x80;
  EXPECT_TRUE(std::holds_alternative<Refusal>(find_encoder(kJpeg2000)->encode(cells, shape)));
}

TEST(FrameEncoders, AreAnAllowList) {
  for (const char* other :
       {"", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57",
        "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110",
        "1.2.840.10008.1.2.4.100"}) {
    EXPECT_EQ(find_encoder(other), nullptr) << other;
  }
  for (const PixelEncoder& encoder : pixel_encoders()) {
    EXPECT_NE(find_codec(encoder.transfer_syntax), nullptr) << encoder.transfer_syntax;
  }
}

}  // namespace
}  // namespace sekisho::imaging::tests
