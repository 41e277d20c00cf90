// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/decoded_frames.h"

#include <gmock/gmock.h>

#include "files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kExplicitVrBigEndian;
using core::dicom::kExplicitVrLittleEndian;
using core::dicom::kImplicitVrLittleEndian;
using core::dicom::kPixelData;
using ::testing::ElementsAre;

constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
constexpr std::string_view kMpeg2 = "1.2.840.10008.1.2.4.100";
constexpr Tag kPlanarConfiguration{0x0028, 0x0006};

std::variant<DecodedFrames, Refusal> frames_in(const DatasetBuilder& builder) {
  const CheckedFile file = checked(builder);
  const auto& syntax = file.transfer_syntax();
  const core::dicom::Dataset header{file.header(), syntax.vr, syntax.order};
  auto index = FrameIndex::of(stored_pixels(file), header, syntax);
  if (!index) return Refusal::malformed;
  return DecodedFrames::of(*std::move(index), header, syntax);
}

/// Empty where it is refused.
Bytes cells_of(const std::variant<DecodedFrames, Refusal>& frames, std::uint32_t frame) {
  const auto* decoded = std::get_if<DecodedFrames>(&frames);
  if (decoded == nullptr) return {};
  Bytes cells(decoded->frame_bytes());
  const auto found = decoded->read(frame, cells);
  return std::holds_alternative<Photometric>(found) ? cells : Bytes{};
}

DatasetBuilder in_planes(const Image& image) {
  DatasetBuilder builder(image.syntax);
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.7")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .us(Tag{0x0028, 0x0002}, image.samples)
      .text(Tag{0x0028, 0x0004}, Vr::CS, image.photometric)
      .us(kPlanarConfiguration, 1)
      .us(Tag{0x0028, 0x0010}, image.rows)
      .us(Tag{0x0028, 0x0011}, image.columns)
      .us(Tag{0x0028, 0x0100}, image.allocated)
      .us(Tag{0x0028, 0x0101}, image.stored)
      .us(Tag{0x0028, 0x0102}, image.high_bit)
      .us(Tag{0x0028, 0x0103}, image.is_signed);
  return builder;
}

/// PS3.5 §G.5: of segments of literal runs.
Bytes rle(const std::vector<Bytes>& segments) {
  Bytes head(64);
  head[0] = static_cast<Byte>(segments.size());
  Bytes data;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    head[4 + 4 * i] = static_cast<Byte>(head.size() + data.size());
    data.push_back(static_cast<Byte>(segments[i].size() - 1));
    data.insert(data.end(), segments[i].begin(), segments[i].end());
  }
  if (data.size() % 2 != 0) data.push_back(0);
  return joined({head, data});
}

TEST(DecodedFrames, NativeCellsAreLittleEndianWhateverTheFileIs) {
  const Image words{
      .rows = 1, .columns = 2, .frames = "2", .allocated = 16, .stored = 16, .high_bit = 15};
  const Bytes little = {1, 2, 3, 4, 5, 6, 7, 8};
  const Bytes big = {2, 1, 4, 3, 6, 5, 8, 7};
  for (const std::string_view syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    Image image = words;
    image.syntax = syntax;
    const auto frames = frames_in(
        head_of(image).bytes(kPixelData, Vr::OW, syntax == kExplicitVrBigEndian ? big : little));
    EXPECT_THAT(cells_of(frames, 0), ElementsAre(1, 2, 3, 4)) << syntax;
    EXPECT_THAT(cells_of(frames, 1), ElementsAre(5, 6, 7, 8)) << syntax;
    EXPECT_THAT(cells_of(frames, 2), ElementsAre()) << "there is none";
  }
}

// PS3.3 §C.7.6.3.1.3
TEST(DecodedFrames, PlanesBecomeColourByPixel) {
  const Image bytes{.rows = 1, .columns = 2, .samples = 3, .photometric = "RGB"};
  EXPECT_THAT(
      cells_of(frames_in(in_planes(bytes).bytes(kPixelData, Vr::OB, Bytes{1, 2, 3, 4, 5, 6})), 0),
      ElementsAre(1, 3, 5, 2, 4, 6));
  const Image words{.rows = 1,
                    .columns = 2,
                    .samples = 3,
                    .photometric = "RGB",
                    .allocated = 16,
                    .stored = 16,
                    .high_bit = 15};
  EXPECT_THAT(cells_of(frames_in(in_planes(words).bytes(kPixelData, Vr::OW,
                                                        Bytes{1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0})),
                       0),
              ElementsAre(1, 0, 3, 0, 5, 0, 2, 0, 4, 0, 6, 0));
}

// PS3.3 §C.7.6.3.1.2
TEST(DecodedFrames, PairsOfPixelsBecomeWholeSamples) {
  const Image pairs{.rows = 1, .columns = 4, .samples = 3, .photometric = "YBR_FULL_422"};
  EXPECT_THAT(
      cells_of(frames_in(head_of(pairs).bytes(kPixelData, Vr::OB, Bytes{1, 2, 9, 8, 3, 4, 7, 6})),
               0),
      ElementsAre(1, 9, 8, 2, 9, 8, 3, 7, 6, 4, 7, 6));
  const Image half{.rows = 2, .columns = 1, .samples = 3, .photometric = "YBR_FULL_422"};
  EXPECT_THAT(cells_of(frames_in(head_of(half).bytes(kPixelData, Vr::OB, Bytes{1, 2, 9, 8})), 0),
              ElementsAre());
}

// PS3.5 §8.1.1: frames of single bits follow each other without a gap.
TEST(DecodedFrames, SingleBitsBeginWithEachFrame) {
  const Image bits{
      .rows = 3, .columns = 3, .frames = "2", .allocated = 1, .stored = 1, .high_bit = 0};
  const auto frames =
      frames_in(head_of(bits).bytes(kPixelData, Vr::OB, Bytes{0xFF, 0x01, 0x02, 0}));
  EXPECT_THAT(cells_of(frames, 0), ElementsAre(0xFF, 0x01));
  EXPECT_THAT(cells_of(frames, 1), ElementsAre(0x00, 0x01));
}

TEST(DecodedFrames, EachFrameIsDecodedForItself) {
  const Image words{.syntax = kRle,
                    .rows = 1,
                    .columns = 2,
                    .frames = "3",
                    .allocated = 16,
                    .stored = 16,
                    .high_bit = 15};
  // Of each cell the high byte first (PS3.5 §G.2).
  const Bytes damaged(64, 0);
  const auto frames = frames_in(head_of(words).encapsulated(
      kPixelData, {rle({{1, 2}, {3, 4}}), damaged, rle({{5, 6}, {7, 8}})}));
  EXPECT_THAT(cells_of(frames, 0), ElementsAre(3, 1, 4, 2));
  EXPECT_THAT(cells_of(frames, 1), ElementsAre()) << "this one is damaged";
  EXPECT_THAT(cells_of(frames, 2), ElementsAre(7, 5, 8, 6));
  EXPECT_THAT(cells_of(frames, 3), ElementsAre());
}

TEST(DecodedFrames, OfColoursTheHeaderSaysWhatTheyAre) {
  const Image colour{
      .syntax = kRle, .rows = 1, .columns = 2, .samples = 3, .photometric = "YBR_FULL"};
  const auto frames =
      frames_in(head_of(colour).encapsulated(kPixelData, {rle({{1, 2}, {3, 4}, {5, 6}})}));
  EXPECT_THAT(cells_of(frames, 0), ElementsAre(1, 3, 5, 2, 4, 6));
  Bytes cells(6);
  EXPECT_EQ(std::get<Photometric>(std::get<DecodedFrames>(frames).read(0, cells)),
            Photometric::ybr_full);
}

TEST(DecodedFrames, WhatNoDecoderIsForIsRefused) {
  EXPECT_EQ(
      std::get<Refusal>(frames_in(head_of({.syntax = kMpeg2}).encapsulated(kPixelData, {{1, 2}}))),
      Refusal::unsupported);
  EXPECT_FALSE(is_decodable(kMpeg2));
  EXPECT_FALSE(is_decodable("1.2.3"));
  EXPECT_FALSE(is_decodable("no UID"));
  EXPECT_TRUE(is_decodable(kRle));
  EXPECT_TRUE(is_decodable(kImplicitVrLittleEndian));
}

}  // namespace
}  // namespace sekisho::imaging::tests
