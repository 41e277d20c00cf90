// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/lettering.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

namespace sekisho::imaging {
namespace {

using Lines = std::vector<std::string>;

// The font of the package fonts-ipaexfont-gothic.
constexpr const char* kFont = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf";

Picture ground(std::uint32_t width, std::uint32_t height, core::Byte level,
               std::uint32_t samples = 1) {
  return {width, height, samples, core::Bytes(std::size_t{width} * height * samples, level)};
}

core::Bytes inscribed(const Lines& lines, Picture picture) {
  auto letters = Lettering::open(kFont);
  EXPECT_TRUE(letters) << kFont;
  if (letters) letters->inscribe(lines, picture);
  return picture.cells;
}

TEST(Lettering, IsReadOnBlackAndOnWhite) {
  const core::Bytes on_black = inscribed({"山田"}, ground(256, 256, 0));
  EXPECT_EQ(std::ranges::max(on_black), 255);
  const core::Bytes on_white = inscribed({"山田"}, ground(256, 256, 255));
  EXPECT_EQ(std::ranges::min(on_white), 0);
}

TEST(Lettering, TellsNamesApart) {
  const Picture picture = ground(256, 256, 0);
  EXPECT_NE(inscribed({"山田"}, picture), inscribed({"川村"}, picture));
  EXPECT_NE(inscribed({"Yamada"}, picture), inscribed({"Yamabe"}, picture));
  EXPECT_NE(inscribed({"a", "b"}, picture), inscribed({"b", "a"}, picture));
}

TEST(Lettering, LeavesTheRestOfThePictureAsItIs) {
  const core::Bytes cells = inscribed({"Yamada", "2026-12-01"}, ground(512, 512, 77));
  const auto is_as_before = [](core::Byte each) { return each == 77; };
  const auto corner = cells.begin() + std::ptrdiff_t{512} * (512 - 64);
  EXPECT_TRUE(std::all_of(cells.begin(), corner, is_as_before));
  EXPECT_FALSE(std::all_of(corner, cells.end(), is_as_before));
}

TEST(Lettering, WritesGreyIntoColours) {
  const core::Bytes cells = inscribed({"Yamada"}, ground(128, 128, 0, 3));
  bool is_written = false;
  for (std::size_t i = 0; i < cells.size(); i += 3) {
    EXPECT_TRUE(cells[i] == cells[i + 1] && cells[i] == cells[i + 2]) << i;
    is_written |= cells[i] != 0;
  }
  EXPECT_TRUE(is_written);
}

TEST(Lettering, WritesSmallerWhatWouldNotFit) {
  const std::string name(40, 'm');
  const core::Bytes cells = inscribed({name}, ground(512, 512, 0));
  const auto rightmost = [&] {
    for (std::size_t x = 512; x-- > 0;) {
      for (std::size_t y = 0; y < 512; ++y) {
        if (cells[y * 512 + x] != 0) return x;
      }
    }
    return std::size_t{0};
  };
  EXPECT_LT(rightmost(), 511U);
  EXPECT_GT(rightmost(), 300U);
}

TEST(Lettering, CutsOffWhatHasNoRoomAtAll) {
  for (const std::uint32_t side : {1U, 2U, 7U, 20U}) {
    const core::Bytes cells = inscribed(Lines(9, std::string(500, 'W')), ground(side, side, 0));
    EXPECT_EQ(cells.size(), std::size_t{side} * side);
  }
}

TEST(Lettering, PassesOverWhatIsNoCharacter) {
  const Picture picture = ground(128, 128, 0);
  EXPECT_NO_FATAL_FAILURE(inscribed({"a\xFF\xC0\x80\xF0z"}, picture));
  EXPECT_EQ(inscribed({}, picture), picture.cells);
  EXPECT_EQ(inscribed({""}, picture), picture.cells);
}

TEST(Lettering, OpensFontsAlone) {
  EXPECT_FALSE(Lettering::open("/etc/passwd"));
  EXPECT_FALSE(Lettering::open("/nowhere"));
  EXPECT_FALSE(Lettering::open("/"));
}

}  // namespace
}  // namespace sekisho::imaging
