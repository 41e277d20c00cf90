// SPDX-License-Identifier: GPL-3.0-or-later
// Grey levels, colours, shutters and overlays of presentation states (PS3.4 §N.2).
#include <gmock/gmock.h>

#include "presented.h"

namespace sekisho::imaging::tests {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Image kSmall{.rows = 1, .columns = 4};
const Bytes kCells{0, 100, 200, 255};

void window(DatasetBuilder& builder, std::string_view centre, std::string_view width,
            std::string_view function = {}) {
  builder.text(Tag{0x0028, 0x1050}, Vr::DS, centre).text(Tag{0x0028, 0x1051}, Vr::DS, width);
  if (!function.empty()) builder.text(Tag{0x0028, 0x1056}, Vr::CS, function);
}

/// Softcopy VOI LUT Sequence of one item, for the image named or for all.
More voi(std::string_view centre, std::string_view width, std::string_view instance = {}) {
  return [=](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0028, 0x3110}).begin_item();
    if (!instance.empty()) refer(builder, instance);
    window(builder, centre, width, "LINEAR_EXACT");
    builder.end_item().end_sequence();
  };
}

TEST(PresentationState, ItsWindowStandsInForTheImages) {
  DatasetBuilder image = head_of(kSmall);
  window(image, "10", "20");
  EXPECT_THAT(cells_of(presented(image, kCells, a_state(voi("100", "100")))),
              ElementsAre(0, 128, 255, 255));
  EXPECT_THAT(cells_of(presented(image, kCells, a_state(voi("100", "100", kImage)))),
              ElementsAre(0, 128, 255, 255));
}

TEST(PresentationState, AWindowForAnotherImageDoesNotCount) {
  DatasetBuilder image = head_of(kSmall);
  window(image, "10", "20");
  EXPECT_THAT(cells_of(presented(image, kCells, a_state(voi("100", "100", "1.2.9")))),
              ElementsAre(0, 100, 200, 255))
      << "without one all that there can be is shown, not the image's own window";
}

TEST(PresentationState, WhatTheImageSaysOfItsValuesDoesNotCount) {
  DatasetBuilder image = head_of(kSmall);
  image.text(Tag{0x0028, 0x1052}, Vr::DS, "-1000").text(Tag{0x0028, 0x1053}, Vr::DS, "-3");
  EXPECT_THAT(cells_of(presented(image, kCells, a_state())), ElementsAre(0, 100, 200, 255));
  const auto rescaled = a_state([](DatasetBuilder& builder) {
    builder.text(Tag{0x0028, 0x1052}, Vr::DS, "-50").text(Tag{0x0028, 0x1053}, Vr::DS, "2");
    voi("100", "100")(builder);
  });
  EXPECT_THAT(cells_of(presented(image, Bytes{50, 75, 100, 110}, rescaled)),
              ElementsAre(0, 128, 255, 255));
}

TEST(PresentationState, ItsPresentationLutIsTheLastOne) {
  const auto inverse = a_state(
      [](DatasetBuilder& builder) { builder.text(Tag{0x2050, 0x0020}, Vr::CS, "INVERSE"); });
  EXPECT_THAT(cells_of(presented(head_of(kSmall), kCells, inverse)), ElementsAre(255, 155, 55, 0));
  const auto table = a_state([](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x2050, 0x0010})
        .begin_item()
        .bytes(Tag{0x0028, 0x3002}, Vr::US, words({2, 0, 10}))
        .bytes(Tag{0x0028, 0x3006}, Vr::US, words({1023, 0}))
        .end_item()
        .end_sequence();
  });
  EXPECT_THAT(cells_of(presented(head_of(kSmall), kCells, table)), ElementsAre(255, 255, 0, 0));
}

TEST(PresentationState, ThatOfAnImageWithWhiteAsLeastIsItsShape) {
  const Image white{.rows = 1, .columns = 4, .photometric = "MONOCHROME1"};
  EXPECT_THAT(cells_of(presented(head_of(white), kCells, a_state())),
              ElementsAre(0, 100, 200, 255));
}

TEST(PresentationState, AVoiTableIsUsed) {
  const auto table = a_state([](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0028, 0x3110}).begin_item();
    builder.begin_sequence(Tag{0x0028, 0x3010})
        .begin_item()
        .bytes(Tag{0x0028, 0x3002}, Vr::US, words({2, 100, 8}))
        .bytes(Tag{0x0028, 0x3006}, Vr::OW, words({64, 255}))
        .end_item()
        .end_sequence();
    builder.end_item().end_sequence();
  });
  EXPECT_THAT(cells_of(presented(head_of(kSmall), kCells, table)), ElementsAre(64, 64, 255, 255));
}

TEST(PresentationState, EachKindIsForItsImages) {  // PS3.3 §A.33
  const Image rgb{.rows = 1, .columns = 1, .samples = 3, .photometric = "RGB"};
  DatasetBuilder colours = head_of(rgb);
  const Bytes cells{10, 20, 30};
  EXPECT_THAT(cells_of(presented(colours, cells, a_state({}, kColourState))),
              ElementsAre(10, 20, 30));
  EXPECT_THAT(cells_of(presented(colours, cells, a_state())), IsEmpty());
  EXPECT_THAT(cells_of(presented(head_of(kSmall), kCells, a_state({}, kColourState))), IsEmpty());
}

TEST(PresentationState, GreyBecomesTheColoursOfItsPalette) {
  const auto palette = a_state(
      [](DatasetBuilder& builder) {
        for (std::uint16_t i = 1; i <= 3; ++i) {
          builder.bytes(Tag{0x0028, static_cast<std::uint16_t>(0x1100 + i)}, Vr::US,
                        words({2, 0, 16}));
        }
        for (std::uint16_t i = 1; i <= 3; ++i) {
          builder.bytes(Tag{0x0028, static_cast<std::uint16_t>(0x1200 + i)}, Vr::OW,
                        words({i * 0x1000, i * 0x2000}));
        }
      },
      kPseudoColourState);
  const auto picture = presented(head_of(kSmall), Bytes{0, 0, 255, 255}, palette);
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->samples, 3U);
  EXPECT_THAT(cells_of(picture),
              ElementsAre(0x10, 0x20, 0x30, 0x10, 0x20, 0x30, 0x20, 0x40, 0x60, 0x20, 0x40, 0x60));
  EXPECT_FALSE(presented(head_of(kSmall), kCells, a_state({}, kPseudoColourState)))
      << "without its palette";
}

// --- what is covered
// ------------------------------------------------------------------------------

const Image kSquare{.rows = 5, .columns = 5};
const Bytes kWhite(25, 255);

/// "#": seen, ".": covered with another grey.
std::string seen(const More& shutter) {
  const auto picture = presented(head_of(kSquare), kWhite, a_state(shutter));
  std::string text;
  for (const int cell : cells_of(picture)) text += cell == 255 ? '#' : '.';
  return text;
}

TEST(PresentationState, ARectangleIsSeen) {  // PS3.3 §C.7.6.11
  EXPECT_EQ(seen([](DatasetBuilder& builder) {
              builder.text(Tag{0x0018, 0x1600}, Vr::CS, "RECTANGULAR")
                  .text(Tag{0x0018, 0x1602}, Vr::IS, "2")
                  .text(Tag{0x0018, 0x1604}, Vr::IS, "4")
                  .text(Tag{0x0018, 0x1606}, Vr::IS, "3")
                  .text(Tag{0x0018, 0x1608}, Vr::IS, "9");
            }),
            "....."
            "....."
            ".###."
            ".###."
            ".###.");
}

TEST(PresentationState, ACircleIsSeen) {
  EXPECT_EQ(seen([](DatasetBuilder& builder) {
              builder.text(Tag{0x0018, 0x1600}, Vr::CS, "CIRCULAR")
                  .text(Tag{0x0018, 0x1610}, Vr::IS, "3\\2")
                  .text(Tag{0x0018, 0x1612}, Vr::IS, "1");
            }),
            "....."
            ".#..."
            "###.."
            ".#..."
            ".....");
}

TEST(PresentationState, APolygonIsSeenAndWhatLiesInAllOfThem) {
  EXPECT_EQ(seen([](DatasetBuilder& builder) {
              builder.text(Tag{0x0018, 0x1600}, Vr::CS, "RECTANGULAR\\POLYGONAL")
                  .text(Tag{0x0018, 0x1602}, Vr::IS, "1")
                  .text(Tag{0x0018, 0x1604}, Vr::IS, "2")
                  .text(Tag{0x0018, 0x1606}, Vr::IS, "1")
                  .text(Tag{0x0018, 0x1608}, Vr::IS, "5")
                  .text(Tag{0x0018, 0x1620}, Vr::IS, "1\\1\\6\\1\\6\\6");
            }),
            "#...."
            "##..."
            "##..."
            "##..."
            "##...");
}

TEST(PresentationState, WhatIsCoveredHasTheStatesGrey) {
  const auto state = a_state([](DatasetBuilder& builder) {
    builder.text(Tag{0x0018, 0x1600}, Vr::CS, "CIRCULAR")
        .text(Tag{0x0018, 0x1610}, Vr::IS, "-100\\-100")
        .text(Tag{0x0018, 0x1612}, Vr::IS, "1")
        .us(Tag{0x0018, 0x1622}, 0x8080);
  });
  EXPECT_THAT(cells_of(presented(head_of(kSquare), kWhite, state)), Each(0x80));
}

/// A plane of 5 by 5 with its middle row.
void plane(DatasetBuilder& builder, std::uint16_t group) {
  builder.us(Tag{group, 0x0010}, 5).us(Tag{group, 0x0011}, 5).text(Tag{group, 0x0040}, Vr::CS, "G");
  builder.bytes(Tag{group, 0x0050}, Vr::SS, words({1, 1}));
}
const Bytes kMiddleRow{0, 0x7C, 0, 0};

TEST(PresentationState, BitsOfItsOwnCover) {  // PS3.3 §C.7.6.15
  EXPECT_EQ(seen([](DatasetBuilder& builder) {
              builder.text(Tag{0x0018, 0x1600}, Vr::CS, "BITMAP").us(Tag{0x0018, 0x1623}, 0x6002);
              plane(builder, 0x6002);
              builder.bytes(Tag{0x6002, 0x3000}, Vr::OW, kMiddleRow);
            }),
            "#####"
            "#####"
            "....."
            "#####"
            "#####");
}

TEST(PresentationState, OverlaysAreDrawnWhereItSaysSo) {  // PS3.3 §C.11.7
  DatasetBuilder image = head_of(kSquare);
  plane(image, 0x6000);
  image.bytes(Tag{0x6000, 0x3000}, Vr::OW, kMiddleRow);
  const Bytes black(25, 0);
  EXPECT_THAT(cells_of(presented(image, black, a_state())), Each(0));
  const auto state = a_state([](DatasetBuilder& builder) {
    builder.text(Tag{0x6000, 0x1001}, Vr::CS, "LAYER1");
    plane(builder, 0x6004);
    builder.text(Tag{0x6004, 0x1001}, Vr::CS, "LAYER1");
    builder.bytes(Tag{0x6004, 0x3000}, Vr::OW, Bytes{0x1F, 0, 0, 0});
  });
  std::string text;
  for (const int cell : cells_of(presented(image, black, state))) text += cell == 255 ? '#' : '.';
  EXPECT_EQ(text,
            "#####"
            "....."
            "#####"
            "....."
            ".....");
}

// --- what is refused
// ------------------------------------------------------------------------------

TEST(PresentationState, IsForTheImagesThatItNames) {
  const DatasetBuilder builder = a_state({}, kGreyState, "2\\4");
  const auto state = read_presentation_state(dataset_of(builder));
  ASSERT_TRUE(state);
  EXPECT_TRUE(names(state->images, kImage, 1));
  EXPECT_TRUE(names(state->images, kImage, 3));
  EXPECT_FALSE(names(state->images, kImage, 0));
  EXPECT_FALSE(names(state->images, "1.2.3.1.2", 1));
  EXPECT_EQ(state->images.front().series, "1.2.3.1");
}

TEST(PresentationState, WhatWouldNotBeSeenAsItSaysIsRefused) {
  const auto subtraction = a_state([](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0028, 0x6100}).begin_item();
    builder.text(Tag{0x0028, 0x6101}, Vr::CS, "AVG_SUB").end_item().end_sequence();
  });
  EXPECT_FALSE(read_presentation_state(dataset_of(subtraction)));
  EXPECT_FALSE(read_presentation_state(dataset_of(a_state({}, "1.2.840.10008.5.1.4.1.1.11.4"))));
  DatasetBuilder of_nothing;
  of_nothing.text(Tag{0x0008, 0x0016}, Vr::UI, kGreyState);
  EXPECT_FALSE(read_presentation_state(dataset_of(of_nothing)));
  const auto endless = a_state([](DatasetBuilder& builder) {
    builder.begin_sequence(Tag{0x0070, 0x005A});
    for (int i = 0; i < 70'000; ++i) builder.begin_item().end_item();
    builder.end_sequence();
  });
  EXPECT_FALSE(read_presentation_state(dataset_of(endless)));
}

}  // namespace
}  // namespace sekisho::imaging::tests
