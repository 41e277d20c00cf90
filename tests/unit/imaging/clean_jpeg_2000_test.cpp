// SPDX-License-Identifier: GPL-3.0-or-later
#include "streams.h"

namespace sekisho::imaging::tests {
namespace {

const Bytes kStart = {0xFF, 0x4F};
const Bytes kEnd = {0xFF, 0xD9};
const Bytes kData = {0xC0, 0x11, 0x22, 0x33};
const PixelLayout kLayout = layout_of(8, 16, 8);

Bytes big32(std::uint32_t number) {
  return {static_cast<Byte>(number >> 24U), static_cast<Byte>(number >> 16U),
          static_cast<Byte>(number >> 8U), static_cast<Byte>(number)};
}

/// SIZ of 16 × 8 pixels in tiles of `tile_width` × 8.
Bytes size(std::uint32_t tile_width = 16, Byte depth = 7) {
  return segment(0xFF51, joined({{0, 0},
                                 big32(16),
                                 big32(8),
                                 big32(0),
                                 big32(0),
                                 big32(tile_width),
                                 big32(8),
                                 big32(0),
                                 big32(0),
                                 {0, 1, depth, 1, 1}}));
}
/// One level of decomposition, and the four steps that it needs.
const Bytes kCoding = segment(0xFF52, {0, 0, 0, 1, 0, 1, 4, 4, 0, 1});
const Bytes kQuantization = segment(0xFF5C, {0x40, 0x40, 0x48, 0x48, 0x50});

Bytes tile_part(Byte tile, const Bytes& header, const Bytes& data, Byte number = 0,
                Byte count = 1) {
  const std::size_t length = 12 + header.size() + 2 + data.size();
  return joined({{0xFF, 0x90, 0, 10, 0, tile},
                 big32(static_cast<std::uint32_t>(length)),
                 {number, count},
                 header,
                 {0xFF, 0x93},
                 data});
}
Bytes stream(const Bytes& in_main = {}, const Bytes& in_tile = {}, const Bytes& after = {}) {
  return joined(
      {kStart, size(), in_main, kCoding, kQuantization, tile_part(0, in_tile, kData), kEnd, after});
}
/// Bytes for tile and length: one for a tile's number, four for a length.
Bytes lengths(std::uint32_t length) {
  return segment(0xFF55, joined({{0, 0x50, 0}, big32(length)}));
}

Bytes box(std::string_view type, const Bytes& content) {
  return joined({big32(static_cast<std::uint32_t>(content.size() + 8)), text(type), content});
}
Bytes jp2(const Bytes& boxes) {
  return joined(
      {box("jP  ", {0x0D, 0x0A, 0x87, 0x0A}), box("ftyp", text("jp2 \0\0\0\0jp2 ")), boxes});
}

TEST(CleanJpeg2000, LeavesACleanStreamAsItIs) {
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(), kLayout), stream());
  const auto clean = clean_jpeg_2000(stream(), kLayout);
  EXPECT_EQ(std::get<CleanStream>(clean).edits.parts().size(), 1U);
  EXPECT_FALSE(std::get<CleanStream>(clean).may_use_other_bits);
}

TEST(CleanJpeg2000, LeavesOutCommentsAndWhatOnlyPoints) {
  for (const unsigned marker : {0xFF64, 0xFF57, 0xFF58, 0xFF63, 0xFF59}) {
    const Bytes planted = segment(marker, joined({{0, 1}, canary()}));
    EXPECT_EQ(cleaned(clean_jpeg_2000, stream(planted), kLayout), stream()) << marker;
    EXPECT_EQ(cleaned(clean_jpeg_2000, stream({}, planted), kLayout), stream()) << marker;
    EXPECT_EQ(cleaned(clean_jpeg_2000, stream(planted, joined({planted, planted})), kLayout),
              stream());
  }
}

TEST(CleanJpeg2000, SaysTheLengthsOfTilePartsAnew) {
  const Bytes comment = segment(0xFF64, joined({{0, 1}, canary()}));
  const auto part_size = static_cast<std::uint32_t>(tile_part(0, {}, kData).size());
  const auto wordy_size = static_cast<std::uint32_t>(tile_part(0, comment, kData).size());
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(lengths(wordy_size), comment), kLayout),
            stream(lengths(part_size)));
  // Lengths that are text.
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(lengths(0x5441524F)), kLayout),
            stream(lengths(part_size)));
  // More of them than there are parts, or something else.
  EXPECT_EQ(
      cleaned(clean_jpeg_2000, stream(segment(0xFF55, joined({{0, 0x50}, canary()}))), kLayout),
      stream());
  EXPECT_EQ(
      cleaned(clean_jpeg_2000, stream(segment(0xFF55, joined({{7, 0x50, 0}, big32(9)}))), kLayout),
      stream());
}

TEST(CleanJpeg2000, LeavesOutWhatFollowsTheEnd) {
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream({}, {}, canary()), kLayout), stream());
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream({}, {}, stream()), kLayout), stream());
}

TEST(CleanJpeg2000, WritesAnEndWhereThereIsNone) {
  const Bytes whole = stream();
  const Bytes endless(whole.begin(), whole.end() - 2);
  EXPECT_EQ(cleaned(clean_jpeg_2000, endless, kLayout), whole);
  EXPECT_EQ(cleaned(clean_jpeg_2000, joined({endless, canary()}), kLayout), whole);
}

TEST(CleanJpeg2000, ReadsALastPartWithoutLength) {
  Bytes part = tile_part(0, {}, kData);
  std::fill_n(part.begin() + 6, 4, Byte{0});
  const auto with = [&](const Bytes& after) {
    return joined({kStart, size(), kCoding, kQuantization, part, kEnd, after});
  };
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(canary()), kLayout), with({}));
}

TEST(CleanJpeg2000, RefusesAPartInWhoseHeaderTheEndSeemsToStand) {
  const Bytes part = {0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xD9};  // one of 255, no length
  EXPECT_EQ(
      cleaned(clean_jpeg_2000, joined({kStart, size(), kCoding, kQuantization, part}), kLayout),
      Bytes());
}

TEST(CleanJpeg2000, RefusesSegmentsThatAreLongerThanTheirContent) {
  const auto with = [](const Bytes& coding, const Bytes& quantization) {
    return joined({kStart, size(), coding, quantization, tile_part(0, {}, kData), kEnd});
  };
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(kCoding, kQuantization), kLayout), stream());
  const Bytes coding = segment(0xFF52, joined({{0, 0, 0, 1, 0, 1, 4, 4, 0, 1}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(coding, kQuantization), kLayout), Bytes());
  const Bytes steps = segment(0xFF5C, joined({{0x40, 0x40, 0x48, 0x48, 0x50}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(kCoding, steps), kLayout), Bytes());
  const Bytes region = segment(0xFF5E, joined({{0, 0, 1}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(region), kLayout), Bytes());
  const Bytes capability = segment(0xFF50, joined({big32(0x00020000), {0, 0}}));
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(capability), kLayout), stream(capability));
  const Bytes wordy = segment(0xFF50, joined({big32(0x00020000), {0, 0}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(wordy), kLayout), Bytes());
}

TEST(CleanJpeg2000, RefusesWhatItDoesNotKnow) {
  for (const unsigned marker :
       {0xFF56, 0xFF60, 0xFF61, 0xFF65, 0xFF66, 0xFF68, 0xFF74, 0xFF78, 0xFF91}) {
    const Bytes planted = segment(marker, canary());
    EXPECT_EQ(cleaned(clean_jpeg_2000, stream(planted), kLayout), Bytes()) << marker;
    EXPECT_EQ(cleaned(clean_jpeg_2000, stream({}, planted), kLayout), Bytes()) << marker;
  }
  EXPECT_EQ(cleaned(clean_jpeg_2000, joined({canary(), stream()}), kLayout), Bytes());
}

TEST(CleanJpeg2000, RefusesTilesThatNobodyDeclared) {
  const auto with = [](const Bytes& parts, std::uint32_t width) {
    return joined({kStart, size(width), kCoding, kQuantization, parts, kEnd});
  };
  const Bytes two = joined({tile_part(0, {}, kData), tile_part(1, {}, kData)});
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(two, 8), kLayout), with(two, 8));
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(two, 16), kLayout), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(tile_part(0, {}, kData), 8), kLayout), Bytes());
  // A second part of a tile whose first said that there is one.
  const Bytes again = joined({tile_part(0, {}, kData), tile_part(0, {}, canary(), 1)});
  EXPECT_EQ(cleaned(clean_jpeg_2000, with(again, 16), kLayout), Bytes());
}

TEST(CleanJpeg2000, RefusesAPictureThatIsNotTheDeclaredOne) {
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(), layout_of(8, 8, 8)), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg_2000, stream(), layout_of(16, 16, 8)), Bytes());
}

TEST(CleanJpeg2000, RefusesStreamsThatAreCutShort) {
  const Bytes whole = stream(segment(0xFF64, canary()));
  for (std::size_t size = 0; size < whole.size() - 2; ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(cleaned(clean_jpeg_2000, cut, kLayout), Bytes()) << size;
  }
}

TEST(CleanJpeg2000, TakesTheCodeStreamOutOfAJp2File) {
  const Bytes header = box("jp2h", joined({box("ihdr", Bytes(14, 1)), box("colr", canary())}));
  const Bytes planted =
      joined({box("xml ", canary()), box("uuid", joined({Bytes(16, 7), canary()}))});
  const Bytes comment = segment(0xFF64, canary());
  EXPECT_EQ(cleaned(clean_jpeg_2000,
                    jp2(joined({header, planted, box("jp2c", stream(comment)), planted})), kLayout),
            stream());
  EXPECT_EQ(cleaned(clean_jpeg_2000, jp2(joined({header, box("jp2c", stream()), {0}})), kLayout),
            stream());
}

TEST(CleanJpeg2000, RefusesJp2FilesWhoseBoxesChangeTheSamples) {
  for (const std::string_view type : {"pclr", "cmap", "cdef"}) {
    const Bytes header = box("jp2h", joined({box("ihdr", Bytes(14, 1)), box(type, {0, 1})}));
    EXPECT_EQ(cleaned(clean_jpeg_2000, jp2(joined({header, box("jp2c", stream())})), kLayout),
              Bytes());
  }
  const Bytes two = joined({box("jp2c", stream()), box("jp2c", stream())});
  EXPECT_EQ(cleaned(clean_jpeg_2000, jp2(two), kLayout), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg_2000, jp2(box("xml ", canary())), kLayout), Bytes());
}

TEST(CleanJpeg2000, TellsThatBitsAboveTheStoredOnesMayBeUsed) {
  PixelLayout layout = layout_of(8, 16, 16);
  layout.high_bit = 11;
  const Bytes deep =
      joined({kStart, size(16, 15), kCoding, kQuantization, tile_part(0, {}, kData), kEnd});
  EXPECT_TRUE(std::get<CleanStream>(clean_jpeg_2000(deep, layout)).may_use_other_bits);
  EXPECT_FALSE(std::get<CleanStream>(clean_jpeg_2000(stream(), layout)).may_use_other_bits);
}

}  // namespace
}  // namespace sekisho::imaging::tests
