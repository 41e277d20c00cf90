// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "presented.h"

namespace sekisho::imaging {
namespace {

using namespace tests;

constexpr std::uint32_t kSide = 64;

/// All of it black.
DatasetBuilder an_image() {
  DatasetBuilder builder;
  builder.us(Tag{0x0028, 0x0002}, 1)
      .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
      .us(Tag{0x0028, 0x0010}, kSide)
      .us(Tag{0x0028, 0x0011}, kSide)
      .us(Tag{0x0028, 0x0100}, 8)
      .us(Tag{0x0028, 0x0101}, 8)
      .us(Tag{0x0028, 0x0102}, 7)
      .us(Tag{0x0028, 0x0103}, 0)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OB, Bytes(kSide * kSide));
  return builder;
}

enum class Where { box, anchor };
struct Text {
  std::string_view value = "X";
  Where where = Where::anchor;
  float x = 8, y = 8;
  std::string_view side = "LEFT";
  std::string_view units = "PIXEL";
  std::string_view image = kImage;
};

More with(const Text& text) {
  return [text](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0070, 0x0001}).begin_item();
    refer(builder, text.image);
    builder.begin_sequence(Tag{0x0070, 0x0008}).begin_item();
    const bool is_box = text.where == Where::box;
    if (is_box) builder.text(Tag{0x0070, 0x0003}, Vr::CS, text.units);
    if (!is_box) builder.text(Tag{0x0070, 0x0004}, Vr::CS, text.units);
    builder.text(Tag{0x0070, 0x0006}, Vr::ST, text.value);
    if (is_box) {
      builder.bytes(Tag{0x0070, 0x0010}, Vr::FL, floats({text.x, text.y}))
          .bytes(Tag{0x0070, 0x0011}, Vr::FL, floats({text.x + 40, text.y + 10}))
          .text(Tag{0x0070, 0x0012}, Vr::CS, text.side);
    } else {
      builder.bytes(Tag{0x0070, 0x0014}, Vr::FL, floats({text.x, text.y}));
    }
    builder.end_item().end_sequence().end_item().end_sequence();
  };
}

/// Of what is written, in pixels; `left` is -1 where nothing is.
struct Written {
  int left = -1, top = -1, right = -1, bottom = -1;
};
Written written(const std::optional<Picture>& picture) {
  Written found;
  EXPECT_TRUE(picture);
  if (!picture) return found;
  const int width = static_cast<int>(picture->width);
  for (int at = 0; at < static_cast<int>(picture->cells.size()); ++at) {
    if (picture->cells[static_cast<std::size_t>(at)] == 0) continue;
    const int x = at % width;
    const int y = at / width;
    found.left = found.left < 0 ? x : std::min(found.left, x);
    found.top = found.top < 0 ? y : found.top;
    found.right = std::max(found.right, x);
    found.bottom = y;
  }
  return found;
}

std::optional<Picture> seen(const More& more) {
  return presented(an_image(), Bytes(kSide * kSide), a_state(more));
}

// PS3.3 §C.10.5
TEST(PresentationNotes, ATextBeginsAtItsAnchor) {
  const Written at = written(seen(with({.x = 20, .y = 30})));
  EXPECT_GE(at.left, 20);
  EXPECT_LE(at.left, 22);
  EXPECT_GE(at.top, 30);
  EXPECT_LE(at.bottom, 41);
}

TEST(PresentationNotes, ATextStandsWhereItsBoxHasIt) {
  const auto box = [](std::string_view side) {
    return written(seen(with({.where = Where::box, .x = 10, .y = 20, .side = side})));
  };
  EXPECT_LE(box("LEFT").right, 20);
  EXPECT_GE(box("RIGHT").left, 40);
  EXPECT_LE(box("RIGHT").right, 50);
  EXPECT_GE(box("CENTER").left, 24);
  EXPECT_LE(box("CENTER").right, 36);
}

TEST(PresentationNotes, PlacesMayBePartsOfTheDisplayedArea) {
  const Written at = written(seen(with({.x = 0.5F, .y = 0.5F, .units = "DISPLAY"})));
  EXPECT_GE(at.left, 32);
  EXPECT_GE(at.top, 32);
}

TEST(PresentationNotes, LinesStandBelowEachOther) {
  const Written one = written(seen(with({.value = "X"})));
  for (const std::string_view two : {"X\r\nX", "X\nX", "X\rX", "X\fX"}) {
    EXPECT_GT(written(seen(with({.value = two}))).bottom, one.bottom + 8);
  }
}

TEST(PresentationNotes, TheStateSaysWhatItsCharactersAre) {
  const auto drawn = [](std::string_view terms, std::string_view value) {
    DatasetBuilder state;
    state.text(Tag{0x0008, 0x0005}, Vr::CS, terms)
        .text(Tag{0x0008, 0x0016}, Vr::UI, kGreyState)
        .begin_sequence(Tag{0x0008, 0x1115})
        .begin_item();
    refer(state, kImage);
    state.text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1").end_item().end_sequence();
    with({.value = value})(state);
    return cells_of(presented(an_image(), Bytes(kSide * kSide), state));
  };
  const auto in_utf8 = drawn("ISO_IR 192", "\xE5\xB1\xB1");
  EXPECT_EQ(drawn("\\ISO 2022 IR 87", "\x1B$B;3\x1B(B"), in_utf8);
  EXPECT_NE(drawn("ISO_IR 192", "\xE5\xB7\x9D"), in_utf8);
}

TEST(PresentationNotes, WhatHasNoPlaceOrIsOfAnotherImageIsNotWritten) {
  EXPECT_EQ(written(seen(with({.units = "INCH"}))).left, -1);
  EXPECT_EQ(written(seen(with({.image = "1.2.3.1.2"}))).left, -1);
  EXPECT_EQ(written(seen(with({.value = ""}))).left, -1);
  EXPECT_EQ(written(seen(with({.x = 1e30F, .y = -1e30F}))).left, -1);
}

TEST(PresentationNotes, MoreTextThanAnybodyReadsIsRefused) {
  const std::string long_text(2'000, 'X');
  const auto texts = [&](int count) {
    return seen([&](DatasetBuilder& builder) {
      builder.begin_sequence(Tag{0x0070, 0x0001}).begin_item();
      builder.begin_sequence(Tag{0x0070, 0x0008});
      for (int i = 0; i < count; ++i) {
        builder.begin_item()
            .text(Tag{0x0070, 0x0004}, Vr::CS, "PIXEL")
            .text(Tag{0x0070, 0x0006}, Vr::ST, long_text)
            .bytes(Tag{0x0070, 0x0014}, Vr::FL, floats({1, 1}))
            .end_item();
      }
      builder.end_sequence().end_item().end_sequence();
    });
  };
  EXPECT_TRUE(texts(49));
  EXPECT_FALSE(texts(51));
}

}  // namespace
}  // namespace sekisho::imaging
