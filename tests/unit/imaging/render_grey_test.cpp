// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <bit>
#include <cstring>

#include "rendered.h"

namespace sekisho::imaging::tests {
namespace {

using testing::ElementsAre;

/// 1 × 4.
Image words_image(std::uint16_t stored = 12, std::uint16_t is_signed = 0) {
  Image image;
  image.rows = 1;
  image.allocated = 16;
  image.stored = stored;
  image.high_bit = static_cast<std::uint16_t>(stored - 1);
  image.is_signed = is_signed;
  return image;
}

DatasetBuilder& with_window(DatasetBuilder& builder, std::string_view centre,
                            std::string_view width, std::string_view function = {}) {
  builder.text(Tag{0x0028, 0x1050}, Vr::DS, centre).text(Tag{0x0028, 0x1051}, Vr::DS, width);
  if (!function.empty()) builder.text(Tag{0x0028, 0x1056}, Vr::CS, function);
  return builder;
}

TEST(RenderGrey, WithoutAnyWindowTheFrameGoesFromBlackToWhite) {
  EXPECT_THAT(rendered(head_of(words_image()), words({10, 20, 30, 60})),
              ElementsAre(0, 51, 102, 255));
  EXPECT_THAT(rendered(head_of(words_image()), words({7, 7, 7, 7})), ElementsAre(0, 0, 0, 0));
}

TEST(RenderGrey, SignedSamplesAreReadWithTheirSign) {
  EXPECT_THAT(rendered(head_of(words_image(12, 1)), words({0xFF6, 0, 5, 10})),
              ElementsAre(0, 128, 191, 255));
}

// PS3.5 §8.1.1: the sample may lie anywhere in its cell.
TEST(RenderGrey, SamplesAreFoundInTheMiddleOfTheirCells) {
  Image image = words_image(8);
  image.high_bit = 11;
  EXPECT_THAT(rendered(head_of(image), words({0xF00F, 0x0330, 0x0660, 0x0FFF})),
              ElementsAre(0, 51, 102, 255));
}

// PS3.3 §C.11.2.1.2.1
TEST(RenderGrey, LinearWindowsEndHalfAStepBeforeTheirWidth) {
  auto builder = head_of(words_image());
  with_window(builder, "100.5", "256");
  EXPECT_THAT(rendered(builder, words({0, 100, 227, 228})), ElementsAre(28, 128, 255, 255));
  auto threshold = head_of(words_image());
  with_window(threshold, "100", "1");
  EXPECT_THAT(rendered(threshold, words({99, 100, 101, 4000})), ElementsAre(0, 255, 255, 255));
}

// PS3.3 §C.11.2.1.3.2, §C.11.2.1.3.1
TEST(RenderGrey, ExactAndSigmoidWindowsHaveTheirOwnCurves) {
  auto exact = head_of(words_image());
  with_window(exact, "100", "200", "LINEAR_EXACT");
  EXPECT_THAT(rendered(exact, words({0, 50, 100, 200})), ElementsAre(0, 64, 128, 255));
  auto sigmoid = head_of(words_image());
  with_window(sigmoid, "100", "200", "SIGMOID");
  EXPECT_THAT(rendered(sigmoid, words({0, 50, 100, 200})), ElementsAre(30, 69, 128, 225));
}

TEST(RenderGrey, WindowsThatMeanNothingCountAsAbsent) {
  for (const auto* const width : {"0", "-5", "wide", "", "1e999"}) {
    auto builder = head_of(words_image());
    with_window(builder, "100", width);
    EXPECT_THAT(rendered(builder, words({10, 20, 30, 60})), ElementsAre(0, 51, 102, 255)) << width;
  }
}

// PS3.3 §C.11.1.1.2
TEST(RenderGrey, TheWindowIsOfRescaledValues) {
  auto builder = head_of(words_image());
  builder.text(Tag{0x0028, 0x1050}, Vr::DS, "0\\40")
      .text(Tag{0x0028, 0x1051}, Vr::DS, "256\\400")
      .text(Tag{0x0028, 0x1052}, Vr::DS, "-1024")
      .text(Tag{0x0028, 0x1053}, Vr::DS, "2");
  EXPECT_THAT(rendered(builder, words({0, 448, 512, 4095})), ElementsAre(0, 0, 128, 255));
}

void add_table(DatasetBuilder& builder, std::uint16_t sequence, const Bytes& descriptor,
               const Bytes& data) {
  builder.begin_sequence(Tag{0x0028, sequence})
      .begin_item()
      .bytes(Tag{0x0028, 0x3002}, Vr::US, descriptor)
      .bytes(Tag{0x0028, 0x3006}, Vr::OW, data)
      .end_item()
      .end_sequence();
}

// PS3.3 §C.11.1.1, §C.11.2.1.1: before the first entry the first counts, behind the last the last.
TEST(RenderGrey, TablesMapWhatLiesBesideThemToTheirEnds) {
  auto voi = head_of(words_image());
  add_table(voi, 0x3010, words({3, 10, 8}), words({255, 51, 102}));
  EXPECT_THAT(rendered(voi, words({0, 10, 11, 4000})), ElementsAre(255, 255, 51, 102));
  auto modality = head_of(words_image());
  add_table(modality, 0x3000, words({4, 0, 16}), words({40, 30, 20, 10}));
  EXPECT_THAT(rendered(modality, words({0, 1, 2, 9})), ElementsAre(255, 170, 85, 0));
}

TEST(RenderGrey, TablesShorterThanTheySayAreNotUsed) {
  auto builder = head_of(words_image());
  add_table(builder, 0x3010, words({1000, 0, 8}), words({255, 51, 102}));
  EXPECT_THAT(rendered(builder, words({10, 20, 30, 60})), ElementsAre(0, 51, 102, 255));
}

// PS3.3 §C.7.6.3.1.2, §C.8.11.3.1.2
TEST(RenderGrey, WhatIsLeastIsWhiteInMonochrome1AndInAnInverseShape) {
  Image image = words_image();
  image.photometric = "MONOCHROME1";
  auto white = head_of(image);
  EXPECT_THAT(rendered(white, words({0, 1, 4, 5})), ElementsAre(255, 204, 51, 0));
  auto both = head_of(image);
  both.text(Tag{0x2050, 0x0020}, Vr::CS, "INVERSE");
  EXPECT_THAT(rendered(both, words({0, 1, 4, 5})), ElementsAre(255, 204, 51, 0));
  auto shape = head_of(words_image());
  shape.text(Tag{0x2050, 0x0020}, Vr::CS, "INVERSE");
  EXPECT_THAT(rendered(shape, words({0, 1, 4, 5})), ElementsAre(255, 204, 51, 0));
}

// PS3.3 §C.7.5.1.1.2
TEST(RenderGrey, PaddingIsBlackEvenWhereTheImageIsInverse) {
  Image image = words_image();
  image.photometric = "MONOCHROME1";
  auto builder = head_of(image);
  builder.us(Tag{0x0028, 0x0120}, 0).us(Tag{0x0028, 0x0121}, 2);
  EXPECT_THAT(rendered(builder, words({0, 2, 3, 10})), ElementsAre(0, 0, 179, 0));
}

TEST(RenderGrey, ShowsSingleBitsAndCellsOfEverySize) {
  Image bits;
  bits.rows = 2;
  bits.columns = 5;
  bits.allocated = 1;
  bits.stored = 1;
  bits.high_bit = 0;
  EXPECT_THAT(rendered(head_of(bits), Bytes{0b00100001, 0b00000010}),
              ElementsAre(255, 0, 0, 0, 0, 255, 0, 0, 0, 255));
  for (const std::uint16_t allocated : {24, 32, 40, 64}) {
    Image wide = words_image();
    wide.allocated = allocated;
    wide.stored = allocated;
    wide.high_bit = static_cast<std::uint16_t>(allocated - 1);
    wide.is_signed = 1;
    const std::size_t cell = allocated / 8;
    Bytes cells(4 * cell);
    std::fill_n(cells.begin(), cell, 0xFF);  // -1, then 0
    cells[2 * cell] = 1;
    cells[3 * cell] = 4;
    EXPECT_THAT(rendered(head_of(wide), cells), ElementsAre(0, 51, 102, 255)) << allocated;
  }
}

template <class Float>
Bytes floats(std::initializer_list<Float> numbers) {
  Bytes bytes(numbers.size() * sizeof(Float));
  std::memcpy(bytes.data(), std::data(numbers), bytes.size());
  return bytes;
}

// PS3.3 §C.7.6.24, §C.7.6.25
TEST(RenderGrey, FloatingPointIsShownAndWhatIsNoNumberIsBlack) {
  Image image = words_image();
  image.stored = 0;
  image.allocated = 32;
  EXPECT_THAT(rendered(head_of(image), floats<float>({-1.5F, NAN, 0, 1.5F})),
              ElementsAre(0, 0, 128, 255));
  image.allocated = 64;
  EXPECT_THAT(rendered(head_of(image), floats<double>({-1.5, INFINITY, 0, 1.5})),
              ElementsAre(0, 255, 128, 255));
}

TEST(RenderGrey, CellsThatAreTooFewAreNoPicture) {
  EXPECT_THAT(rendered(head_of(words_image()), words({1, 2, 3})), ElementsAre());
}

void add_group(DatasetBuilder& builder, std::string_view slope, std::string_view centre) {
  builder.begin_item()
      .begin_sequence(Tag{0x0028, 0x9132})
      .begin_item()
      .text(Tag{0x0028, 0x1050}, Vr::DS, centre)
      .text(Tag{0x0028, 0x1051}, Vr::DS, "11")
      .end_item()
      .end_sequence()
      .begin_sequence(Tag{0x0028, 0x9145})
      .begin_item()
      .text(Tag{0x0028, 0x1052}, Vr::DS, "0")
      .text(Tag{0x0028, 0x1053}, Vr::DS, slope)
      .end_item()
      .end_sequence()
      .end_item();
}

// PS3.3 §C.7.6.16: each frame of an enhanced image has its own numbers.
TEST(RenderGrey, FramesAreShownByTheirOwnFunctionalGroups) {
  Image image = words_image();
  image.frames = "2";
  auto builder = head_of(image);
  with_window(builder, "2000", "4000");
  builder.begin_sequence(Tag{0x5200, 0x9229});
  add_group(builder, "1", "5.5");
  builder.end_sequence().begin_sequence(Tag{0x5200, 0x9230});
  add_group(builder, "2", "5.5");
  builder.begin_item().end_item();
  builder.end_sequence();
  EXPECT_THAT(rendered(builder, words({0, 1, 2, 5}), 0), ElementsAre(0, 51, 102, 255));
  EXPECT_THAT(rendered(builder, words({0, 2, 4, 10}), 1), ElementsAre(0, 51, 102, 255));
}

// PS3.3 §C.9.2: from the second frame on, one row above the image, white.
TEST(RenderGrey, OverlaysAreDrawnWhereTheyLie) {
  Image image = words_image();
  image.frames = "3";
  auto builder = head_of(image);
  builder.us(Tag{0x6000, 0x0010}, 2)
      .us(Tag{0x6000, 0x0011}, 3)
      .text(Tag{0x6000, 0x0015}, Vr::IS, "1")
      .text(Tag{0x6000, 0x0040}, Vr::CS, "G")
      .bytes(Tag{0x6000, 0x0050}, Vr::SS, words({0, 2}))
      .us(Tag{0x6000, 0x0051}, 2)
      .us(Tag{0x6000, 0x0100}, 1)
      .us(Tag{0x6000, 0x0102}, 0)
      .bytes(Tag{0x6000, 0x3000}, Vr::OW, words({0b101111}));
  EXPECT_THAT(rendered(builder, words({0, 1, 2, 5}), 0), ElementsAre(0, 51, 102, 255));
  EXPECT_THAT(rendered(builder, words({0, 1, 2, 5}), 1), ElementsAre(0, 255, 102, 255));
  EXPECT_THAT(rendered(builder, words({0, 1, 2, 3}), 1), ElementsAre(0, 255, 170, 255));
}

}  // namespace
}  // namespace sekisho::imaging::tests
