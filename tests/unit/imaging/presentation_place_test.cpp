// SPDX-License-Identifier: GPL-3.0-or-later
// Where presentation states put an image, and what they draw into it (PS3.3 §C.10.4–§C.10.6).
#include <gmock/gmock.h>

#include "presented.h"

namespace sekisho::imaging::tests {
namespace {

using ::testing::ElementsAre;

const Image kImageOfSix{.rows = 2, .columns = 3};
const Bytes kSix{1, 2, 3, 4, 5, 6};

More turn(std::uint16_t degrees, std::string_view flip = "N") {
  return [=](DatasetBuilder& builder) {
    builder.text(Tag{0x0070, 0x0041}, Vr::CS, flip).us(Tag{0x0070, 0x0042}, degrees);
  };
}

TEST(PresentationPlace, ImagesAreTurnedClockwiseAndThenMirrored) {
  const auto seen = [](const More& more) {
    return cells_of(presented(head_of(kImageOfSix), kSix, a_state(more)));
  };
  EXPECT_THAT(seen({}), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(seen(turn(90)), ElementsAre(4, 1, 5, 2, 6, 3));
  EXPECT_THAT(seen(turn(180)), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(seen(turn(270)), ElementsAre(3, 6, 2, 5, 1, 4));
  EXPECT_THAT(seen(turn(0, "Y")), ElementsAre(3, 2, 1, 6, 5, 4));
  EXPECT_THAT(seen(turn(90, "Y")), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(seen(turn(45)), ElementsAre(1, 2, 3, 4, 5, 6)) << "no angle of the standard";
}

struct Area {
  std::int32_t left, top, right, bottom;
  std::string_view mode = "SCALE TO FIT";
  std::string_view ratio = {};
  float magnification = 0;
};

More area(const Area& area, const More& turned = {}) {
  return [=](DatasetBuilder& builder) {
    if (turned) turned(builder);
    builder.begin_sequence(Tag{0x0070, 0x005A}).begin_item();
    builder.bytes(Tag{0x0070, 0x0052}, Vr::SL, longs({area.left, area.top}))
        .bytes(Tag{0x0070, 0x0053}, Vr::SL, longs({area.right, area.bottom}))
        .text(Tag{0x0070, 0x0100}, Vr::CS, area.mode);
    if (!area.ratio.empty()) builder.text(Tag{0x0070, 0x0102}, Vr::IS, area.ratio);
    if (area.magnification > 0) {
      builder.bytes(Tag{0x0070, 0x0103}, Vr::FL, floats({area.magnification}));
    }
    builder.end_item().end_sequence();
  };
}

std::optional<Picture> seen_in(const Area& of, std::optional<Room> room = {},
                               const More& turned = {}) {
  return presented(head_of(kImageOfSix), kSix, a_state(area(of, turned)), room);
}

TEST(PresentationPlace, TheDisplayedAreaIsSeen) {
  EXPECT_THAT(cells_of(seen_in({2, 1, 3, 2})), ElementsAre(2, 3, 5, 6));
  const auto wider = seen_in({0, 1, 4, 2});
  ASSERT_TRUE(wider);
  EXPECT_EQ(wider->width, 5U);
  EXPECT_THAT(cells_of(wider), ElementsAre(0, 1, 2, 3, 0, 0, 4, 5, 6, 0)) << "black beside it";
  EXPECT_THAT(cells_of(seen_in({10, 10, 11, 10})), ElementsAre(0, 0)) << "of nothing";
}

TEST(PresentationPlace, TheCornersOfATurnedAreaArePixelsOfTheImage) {
  // What is seen at the top left, turned by 90 degrees, is the pixel at the bottom left.
  EXPECT_THAT(cells_of(seen_in({1, 2, 2, 1}, {}, turn(90))), ElementsAre(4, 1, 5, 2));
  EXPECT_THAT(cells_of(seen_in({3, 1, 2, 2}, {}, turn(0, "Y"))), ElementsAre(3, 2, 6, 5));
}

TEST(PresentationPlace, ItIsAsLargeAsThereIsRoom) {  // PS3.18 §9.5.1
  const auto fitted = seen_in({1, 1, 3, 2}, Room{30, 30});
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->width, 30U);
  EXPECT_EQ(fitted->height, 20U);
  const auto magnified = seen_in({1, 1, 3, 2, "MAGNIFY", {}, 2});
  ASSERT_TRUE(magnified);
  EXPECT_EQ(magnified->width, 6U);
  EXPECT_EQ(magnified->height, 4U);
  const auto cropped = seen_in({1, 1, 3, 2, "MAGNIFY", {}, 2}, Room{2, 2});
  ASSERT_TRUE(cropped);
  EXPECT_EQ(cropped->width, 2U);
  EXPECT_THAT(cells_of(cropped), ElementsAre(1, 1, 1, 1)) << "of the pixel at the top left";
}

TEST(PresentationPlace, PixelsThatAreNotSquareAreNot) {
  const auto high = seen_in({1, 1, 3, 2, "SCALE TO FIT", "2\\1"});
  ASSERT_TRUE(high);
  EXPECT_EQ(high->width, 3U);
  EXPECT_EQ(high->height, 4U);
  const auto turned = seen_in({1, 1, 3, 2, "SCALE TO FIT", "2\\1"}, {}, turn(90));
  ASSERT_TRUE(turned);
  EXPECT_EQ(turned->width, 4U);
  EXPECT_EQ(turned->height, 3U);
}

TEST(PresentationPlace, NoSizeIsABurden) {
  const Area areas[] = {{-2'000'000'000, -2'000'000'000, 2'000'000'000, 2'000'000'000},
                        {1, 1, 2'000'000'000, 1},
                        {1, 1, 3, 2, "MAGNIFY", {}, 1e30F},
                        {1, 1, 3, 2, "MAGNIFY", {}, 1e-30F},
                        {1, 1, 3, 2, "SCALE TO FIT", "1\\99999999"}};
  for (const Area& each : areas) {
    for (const auto& room : {std::optional<Room>(), std::optional(Room{16384, 16384})}) {
      const auto picture = seen_in(each, room);
      ASSERT_TRUE(picture);
      EXPECT_LE(picture->width, 16384U);
      EXPECT_LE(picture->height, 16384U);
      EXPECT_LE(std::uint64_t{picture->width} * picture->height, (16ULL << 20) + 32768);
    }
  }
}

// --- figures
// --------------------------------------------------------------------------------------

struct Drawn {
  std::string_view kind = "POLYLINE";
  Bytes points;
  std::string_view units = "PIXEL";
  std::string_view of = {};
};

More drawn(const Drawn& figure) {
  return [=](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0070, 0x0001}).begin_item();
    if (!figure.of.empty()) refer(builder, figure.of);
    builder.begin_sequence(Tag{0x0070, 0x0009}).begin_item();
    builder.text(Tag{0x0070, 0x0005}, Vr::CS, figure.units)
        .us(Tag{0x0070, 0x0020}, 2)
        .bytes(Tag{0x0070, 0x0022}, Vr::FL, figure.points)
        .text(Tag{0x0070, 0x0023}, Vr::CS, figure.kind);
    builder.end_item().end_sequence().end_item().end_sequence();
  };
}

const Image kGround{.rows = 7, .columns = 7};

/// "#": white, ".": black, " ": as it was.
std::vector<std::string> lines_of(const More& more) {
  const auto picture = presented(head_of(kGround), Bytes(49, 100), a_state(more));
  std::vector<std::string> lines;
  for (std::size_t y = 0; picture && y < picture->height; ++y) {
    std::string& line = lines.emplace_back();
    for (std::size_t x = 0; x < picture->width; ++x) {
      const int cell = picture->cells[y * picture->row_bytes() + x];
      line += cell == 255 ? '#' : cell == 0 ? '.' : ' ';
    }
  }
  return lines;
}

TEST(PresentationPlace, ALineIsWhiteWithABlackEdge) {
  EXPECT_THAT(
      lines_of(drawn({.points = floats({2.5, 3.5, 4.5, 3.5})})),
      ElementsAre("       ", "       ", " ..... ", " .###. ", " ..... ", "       ", "       "));
}

TEST(PresentationPlace, AFigureLiesWhereTheTurnedImageHasIt) {
  const auto both = [](DatasetBuilder& builder) {
    drawn({.points = floats({2.5, 3.5, 4.5, 3.5})})(builder);
    turn(90)(builder);
  };
  EXPECT_THAT(lines_of(both), ElementsAre("       ", "  ...  ", "  .#.  ", "  .#.  ", "  .#.  ",
                                          "  ...  ", "       "));
}

TEST(PresentationPlace, AFigureMayCountByTheDisplayedArea) {
  EXPECT_THAT(
      lines_of(drawn({.points = floats({0, 0, 1, 0}), .units = "DISPLAY"})),
      ElementsAre("#######", ".......", "       ", "       ", "       ", "       ", "       "));
}

TEST(PresentationPlace, ACircleIsRound) {
  const auto lines = lines_of(drawn({.kind = "CIRCLE", .points = floats({3.5, 3.5, 6.5, 3.5})}));
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[0][3], '#');
  EXPECT_EQ(lines[6][3], '#');
  EXPECT_EQ(lines[3][0], '#');
  EXPECT_EQ(lines[3][6], '#');
  EXPECT_EQ(lines[3][3], ' ');
}

TEST(PresentationPlace, AnEllipseHasTwoAxes) {
  const auto lines = lines_of(
      drawn({.kind = "ELLIPSE", .points = floats({0.5, 3.5, 6.5, 3.5, 3.5, 1.5, 3.5, 5.5})}));
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(lines[3][0], '#');
  EXPECT_EQ(lines[3][6], '#');
  EXPECT_EQ(lines[1][3], '#');
  EXPECT_EQ(lines[5][3], '#');
  EXPECT_EQ(lines[0][3], '.');
}

TEST(PresentationPlace, AFigureOfAnotherImageIsNotDrawn) {
  const auto line = floats({2.5, 3.5, 4.5, 3.5});
  EXPECT_EQ(lines_of(drawn({.points = line, .of = "1.2.9"})),
            std::vector<std::string>(7, "       "));
  EXPECT_NE(lines_of(drawn({.points = line, .of = kImage})),
            std::vector<std::string>(7, "       "));
}

TEST(PresentationPlace, FiguresThatNobodyCouldSeeAreRefusedOrLeftOut) {
  EXPECT_EQ(lines_of(drawn({.points = floats({-1e30F, -1e30F, -1e29F, -1e30F})})),
            std::vector<std::string>(7, "       "))
      << "beside the picture";
  EXPECT_EQ(lines_of(drawn({.points = floats({1, 1})})), std::vector<std::string>(7, "       "))
      << "a line of one point";
  const Bytes six_thousand(8 * 6'000, 0);
  const auto many = a_state([&](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0070, 0x0001}).begin_item();
    builder.begin_sequence(Tag{0x0070, 0x0009});
    for (int i = 0; i < 20; ++i) {
      builder.begin_item()
          .text(Tag{0x0070, 0x0005}, Vr::CS, "PIXEL")
          .bytes(Tag{0x0070, 0x0022}, Vr::FL, six_thousand)
          .text(Tag{0x0070, 0x0023}, Vr::CS, "POLYLINE")
          .end_item();
    }
    builder.end_sequence().end_item().end_sequence();
  });
  EXPECT_FALSE(read_presentation_state(dataset_of(many)));
}

// Each has its own copy of what it is about.
TEST(PresentationPlace, FiguresOfManyFramesAreRefused) {
  std::string frames = "1";
  for (int i = 0; i < 6'000; ++i) frames += "\\1";
  const auto many = a_state([&](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0070, 0x0001}).begin_item();
    refer(builder, kImage, frames);
    builder.begin_sequence(Tag{0x0070, 0x0009});
    for (int i = 0; i < 20; ++i) {
      builder.begin_item()
          .text(Tag{0x0070, 0x0005}, Vr::CS, "PIXEL")
          .bytes(Tag{0x0070, 0x0022}, Vr::FL, floats({1, 1}))
          .text(Tag{0x0070, 0x0023}, Vr::CS, "POINT")
          .end_item();
    }
    builder.end_sequence().end_item().end_sequence();
  });
  EXPECT_FALSE(read_presentation_state(dataset_of(many)));
}

}  // namespace
}  // namespace sekisho::imaging::tests
