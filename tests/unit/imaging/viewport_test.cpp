// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/viewport.h"

#include <gmock/gmock.h>

namespace sekisho::imaging {
namespace {

using testing::ElementsAre;

Picture grey(std::uint32_t width, std::uint32_t height, core::Bytes cells) {
  return {width, height, 1, std::move(cells)};
}

// PS3.18 §8.3.5.1.3
TEST(Viewport, KeepsTheShapeOfThePicture) {
  const Picture picture = grey(40, 20, core::Bytes(800, 9));
  const auto wide = show_through({.width = 100, .height = 100}, picture);
  EXPECT_EQ(wide->width, 100U);
  EXPECT_EQ(wide->height, 50U);
  const auto thin = show_through({.width = 1, .height = 16384}, picture);
  EXPECT_EQ(thin->width, 1U);
  EXPECT_EQ(thin->height, 1U);
}

TEST(Viewport, AveragesWhatBecomesSmallerAndInterpolatesWhatBecomesLarger) {
  const auto half = show_through({.width = 2, .height = 1}, grey(4, 2,
                                                                 {0, 10, 100, 200,  //
                                                                  20, 30, 100, 200}));
  EXPECT_THAT(half->cells, ElementsAre(15, 150));
  const auto twice = show_through({.width = 4, .height = 2}, grey(2, 1, {0, 100}));
  EXPECT_THAT(twice->cells, ElementsAre(0, 25, 75, 100, 0, 25, 75, 100));
}

TEST(Viewport, ShowsAPartAndMirrorsIt) {
  const Picture picture = grey(3, 2, {1, 2, 3, 4, 5, 6});
  const auto part = show_through(
      {.width = 2, .height = 2, .left = 1, .top = 0, .source_width = 2, .source_height = 2},
      picture);
  EXPECT_THAT(part->cells, ElementsAre(2, 3, 5, 6));
  const auto mirrored = show_through(
      {.width = 2, .height = 2, .left = 1, .top = 0, .source_width = -2, .source_height = -2},
      picture);
  EXPECT_THAT(mirrored->cells, ElementsAre(6, 5, 3, 2));
}

TEST(Viewport, OfAPartBesideThePictureThereIsNothing) {
  const Picture picture = grey(3, 2, {1, 2, 3, 4, 5, 6});
  EXPECT_FALSE(show_through({.width = 2, .height = 2, .left = 3}, picture));
  EXPECT_FALSE(show_through(
      {.width = 2, .height = 2, .left = -9, .source_width = 5, .source_height = 2}, picture));
}

TEST(Viewport, ColoursDoNotMix) {
  const Picture picture{2, 1, 3, {10, 20, 30, 30, 40, 50}};
  const auto one = show_through({.width = 1, .height = 1}, picture);
  EXPECT_THAT(one->cells, ElementsAre(20, 30, 40));
}

TEST(Viewport, NobodyGetsMoreThanTheMostPixelsWhateverHeAsksFor) {
  for (const std::uint32_t samples : {1U, 3U}) {
    const Picture square{64, 64, samples, core::Bytes(std::size_t{64} * 64 * samples, 7)};
    const auto shown = show_through({kMostViewportSide, kMostViewportSide}, square);
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->width, 4096U);
    EXPECT_EQ(shown->height, 4096U);
  }
  const Picture line{4, 1, 1, core::Bytes(4, 7)};
  const auto shown = show_through({kMostViewportSide, kMostViewportSide}, line);
  ASSERT_TRUE(shown);
  EXPECT_LE(std::uint64_t{shown->width} * shown->height, kMostViewportPixels);
}

}  // namespace
}  // namespace sekisho::imaging
