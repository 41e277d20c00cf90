// SPDX-License-Identifier: GPL-3.0-or-later
#include "files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kExplicitVrBigEndian;
using core::dicom::kExplicitVrLittleEndian;
using core::dicom::kImplicitVrLittleEndian;
using core::dicom::kPixelData;

const Bytes kEight = {1, 2, 3, 4, 5, 6, 7, 8};

Bytes cleaned(const Image& image, const Bytes& value, Vr vr = Vr::OW) {
  return pixels_of(checked(head_of(image).bytes(kPixelData, vr, value)));
}

TEST(CleanNative, PassesDeclaredPixelsByReference) {
  for (const auto syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    const CheckedFile file = checked(head_of({.syntax = syntax}).bytes(kPixelData, Vr::OW, kEight));
    const auto clean = std::get<PixelSource>(clean_pixels(file));
    const auto range = clean.range_at(0);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->offset, file.pixel_offset());
    EXPECT_EQ(range->size, file.pixel_size());
    EXPECT_EQ(clean.made_bytes(), 0U);
  }
}

TEST(CleanNative, LeavesOutWhatFollowsTheLastFrame) {
  const Bytes wordy = joined({kEight, canary(), {0}});
  for (const auto syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    EXPECT_EQ(cleaned({.syntax = syntax}, wordy), element(kPixelData, Vr::OW, kEight, syntax));
  }
  const Bytes frames = joined({kEight, kEight, kEight});
  EXPECT_EQ(cleaned({.frames = "2"}, frames),
            element(kPixelData, Vr::OW, joined({kEight, kEight})));
  Image colour{.columns = 2, .samples = 3, .photometric = "RGB"};
  EXPECT_EQ(cleaned(colour, joined({kEight, kEight})),
            element(kPixelData, Vr::OW, joined({kEight, {1, 2, 3, 4}})));
  Image half{.samples = 3, .photometric = "YBR_FULL_422"};
  EXPECT_EQ(cleaned(half, joined({kEight, kEight, {'H', 'I'}})),
            element(kPixelData, Vr::OW, joined({kEight, kEight})));
}

TEST(CleanNative, RefusesHalfColourOfWhichAllIsThere) {
  Image half{.samples = 3, .photometric = "YBR_FULL_422"};
  EXPECT_EQ(cleaned(half, joined({kEight, kEight, kEight})), kRefusedAsMalformed);
}

TEST(CleanNative, BlanksThePadding) {
  const Image image{.rows = 1, .columns = 7};
  const Bytes blank = {1, 2, 3, 4, 5, 6, 7, 0};
  EXPECT_EQ(cleaned(image, kEight), element(kPixelData, Vr::OW, blank));
  EXPECT_EQ(cleaned(image, blank, Vr::OB), element(kPixelData, Vr::OB, blank));
  // In big endian words the seventh sample is the low byte, which comes second (PS3.5 §7.3).
  const Image big{.syntax = kExplicitVrBigEndian, .rows = 1, .columns = 7};
  const Bytes blank_big = {1, 2, 3, 4, 5, 6, 0, 8};
  EXPECT_EQ(cleaned(big, kEight), element(kPixelData, Vr::OW, blank_big, kExplicitVrBigEndian));
}

TEST(CleanNative, ClearsSingleBitsBehindTheLast) {
  const Image image{
      .rows = 3, .columns = 5, .frames = "2", .allocated = 1, .stored = 1, .high_bit = 0};
  EXPECT_EQ(cleaned(image, {0xFF, 0xFF, 0xFF, 0xFF, 'H', 'I'}, Vr::OB),
            element(kPixelData, Vr::OB, {0xFF, 0xFF, 0xFF, 0x3F}));
  EXPECT_EQ(cleaned(image, {0xFF, 0xFF, 0xFF, 0x3F}, Vr::OB),
            element(kPixelData, Vr::OB, {0xFF, 0xFF, 0xFF, 0x3F}));
  Image big = image;
  big.syntax = kExplicitVrBigEndian;
  EXPECT_EQ(cleaned(big, {0xFF, 0xFF, 0xFF, 0xFF}),
            element(kPixelData, Vr::OW, {0xFF, 0xFF, 0x3F, 0xFF}, kExplicitVrBigEndian));
}

TEST(CleanNative, ClearsBitsThatHoldNoSample) {
  Image image{.rows = 1, .columns = 2, .allocated = 16, .stored = 12, .high_bit = 11};
  EXPECT_EQ(cleaned(image, {0x21, 0xF3, 0x43, 0x15}),
            element(kPixelData, Vr::OW, Bytes{0x21, 0x03, 0x43, 0x05}));
  image.high_bit = 15;  // retired: the sample in the upper bits
  EXPECT_EQ(cleaned(image, {0x21, 0xF3, 0x43, 0x15}),
            element(kPixelData, Vr::OW, {0x20, 0xF3, 0x40, 0x15}));
  Image big{.syntax = kExplicitVrBigEndian,
            .rows = 1,
            .columns = 2,
            .allocated = 16,
            .stored = 12,
            .high_bit = 11};
  EXPECT_EQ(cleaned(big, {0xF3, 0x21, 0x15, 0x43}),
            element(kPixelData, Vr::OW, {0x03, 0x21, 0x05, 0x43}, kExplicitVrBigEndian));
  Image bytes{.rows = 1, .columns = 3, .allocated = 8, .stored = 6, .high_bit = 5};
  EXPECT_EQ(cleaned(bytes, {0xC1, 0xC2, 0xC3, 0xC4}),
            element(kPixelData, Vr::OW, {0x01, 0x02, 0x03, 0x00}));
  Image words{.rows = 1, .columns = 1, .allocated = 32, .stored = 20, .high_bit = 19};
  EXPECT_EQ(cleaned(words, {1, 2, 0xF3, 'X'}), element(kPixelData, Vr::OW, {1, 2, 0x03, 0}));
}

TEST(CleanNative, FillsBitsAboveASignedSampleWithItsSign) {
  Image image{
      .rows = 1, .columns = 2, .allocated = 16, .stored = 12, .high_bit = 11, .is_signed = 1};
  EXPECT_EQ(cleaned(image, {0x21, 0x38, 0x43, 0x55}),
            element(kPixelData, Vr::OW, {0x21, 0xF8, 0x43, 0x05}));
}

TEST(CleanNative, PassesClearCellsByReferenceOnceAllWereLookedAt) {
  const Image image{.rows = 1, .columns = 2, .allocated = 16, .stored = 12, .high_bit = 11};
  const CheckedFile clear =
      checked(head_of(image).bytes(kPixelData, Vr::OW, Bytes{0x21, 0x03, 0x43, 0x05}));
  const auto unseen = std::get<PixelSource>(clean_pixels(clear));
  EXPECT_NE(unseen.range_at(0).value().size, clear.pixel_size());
  const PixelSource seen = unseen.without_idle_mask({});
  EXPECT_EQ(seen.range_at(0).value().size, clear.pixel_size());
  EXPECT_EQ(bytes_of(seen), bytes_of(unseen));

  const CheckedFile wordy =
      checked(head_of(image).bytes(kPixelData, Vr::OW, Bytes{0x21, 0x03, 0x43, 0x55}));
  const auto masked = std::get<PixelSource>(clean_pixels(wordy)).without_idle_mask({});
  EXPECT_EQ(bytes_of(masked), element(kPixelData, Vr::OW, Bytes{0x21, 0x03, 0x43, 0x05}));
}

TEST(CleanNative, LooksAtEveryCellOfALargeImage) {
  const Image image{.rows = 512, .columns = 512, .allocated = 24, .stored = 20, .high_bit = 19};
  for (const std::size_t place : {2U, 262'142U, 262'145U, 786'431U}) {
    Bytes cells(std::size_t{512} * 512 * 3);
    cells[place] = 0xF0;
    const CheckedFile file = checked(head_of(image).bytes(kPixelData, Vr::OW, cells));
    cells[place] = 0;
    const auto clean = std::get<PixelSource>(clean_pixels(file)).without_idle_mask({});
    EXPECT_EQ(bytes_of(clean), element(kPixelData, Vr::OW, cells)) << place;
  }
}

TEST(CleanNative, KeepsThePixelElementAloneAmongThoseOfItsGroup) {
  const Image floats{.rows = 1, .columns = 2, .allocated = 32, .stored = 0};
  constexpr Tag kFloats{0x7FE0, 0x0008};
  Bytes even = canary();
  even.push_back(0);
  const CheckedFile file = checked(head_of(floats)
                                       .bytes(Tag{0x7FE0, 0x0000}, Vr::UL, Bytes{1, 0, 0, 0})
                                       .bytes(Tag{0x7FE0, 0x0003}, Vr::UV, kEight)
                                       .bytes(kFloats, Vr::OF, joined({kEight, even}))
                                       .bytes(kPixelData, Vr::OW, even)
                                       .bytes(Tag{0x7FE0, 0x0020}, Vr::OW, even));
  EXPECT_EQ(pixels_of(file), element(kFloats, Vr::OF, kEight));
  const CheckedFile integers =
      checked(head_of({}).bytes(kFloats, Vr::OF, even).bytes(kPixelData, Vr::OW, kEight));
  EXPECT_EQ(pixels_of(integers), element(kPixelData, Vr::OW, kEight));
  const Image doubles{.rows = 1, .columns = 1, .allocated = 64, .stored = 0};
  constexpr Tag kDoubles{0x7FE0, 0x0009};
  EXPECT_EQ(pixels_of(checked(head_of(doubles).bytes(kDoubles, Vr::OD, joined({kEight, even})))),
            element(kDoubles, Vr::OD, kEight));
}

TEST(CleanNative, HasNothingToKeepWherePixelsAreNone) {
  EXPECT_EQ(pixels_of(checked(head_of({}))), Bytes());
  const Bytes even = joined({canary(), {0}});
  EXPECT_EQ(pixels_of(checked(head_of({}).bytes(Tag{0x7FE0, 0x0020}, Vr::OW, even))), Bytes());
}

TEST(CleanNative, RefusesWhatDoesNotSayHowManyPixelsThereAre) {
  EXPECT_EQ(cleaned({.rows = 0}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({.frames = "0"}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({.frames = "2X"}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({.allocated = 12, .stored = 12, .high_bit = 11}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({.stored = 9}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({.high_bit = 6}, kEight), kRefusedAsMalformed);
  EXPECT_EQ(cleaned({}, kEight, Vr::UC), kRefusedAsMalformed);
  DatasetBuilder nothing;
  nothing.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.7")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .bytes(kPixelData, Vr::OW, kEight);
  EXPECT_EQ(pixels_of(checked(nothing)), kRefusedAsMalformed);
}

TEST(CleanNative, PassesWhatThereIsOfPixelsThatAreCutShort) {
  EXPECT_EQ(cleaned({.rows = 4}, kEight), element(kPixelData, Vr::OW, kEight));
}

}  // namespace
}  // namespace sekisho::imaging::tests
