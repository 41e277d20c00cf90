// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include "rendered.h"

namespace sekisho::imaging::tests {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

Image colour_image(std::string_view photometric, std::uint16_t samples, std::uint16_t bits = 8) {
  Image image;
  image.rows = 1;
  image.columns = 2;
  image.samples = samples;
  image.photometric = photometric;
  image.allocated = bits;
  image.stored = bits;
  image.high_bit = static_cast<std::uint16_t>(bits - 1);
  return image;
}

TEST(RenderColour, SamplesOfAnySizeFillTheScale) {
  const Bytes cells{0, 128, 255, 1, 2, 3};
  EXPECT_THAT(rendered(head_of(colour_image("RGB", 3)), cells), ElementsAreArray(cells));
  EXPECT_THAT(rendered(head_of(colour_image("RGB", 3, 16)),
                       words({0, 0x8080, 0xFFFF, 0x0101, 0x0202, 0x0303})),
              ElementsAreArray(cells));
}

// PS3.3 §C.7.6.3.1.2
TEST(RenderColour, LuminanceAndChrominanceBecomeRedGreenAndBlue) {
  EXPECT_THAT(rendered(head_of(colour_image("YBR_FULL", 3)), Bytes{76, 85, 255, 150, 44, 21}),
              ElementsAre(254, 0, 0, 0, 255, 1));
}

TEST(RenderColour, ChannelsThatTheColoursDoNotHaveAreNoPicture) {
  EXPECT_THAT(rendered(head_of(colour_image("RGB", 1)), Bytes(6)), IsEmpty());
  EXPECT_THAT(rendered(head_of(colour_image("MONOCHROME2", 3)), Bytes(6)), IsEmpty());
  EXPECT_THAT(rendered(head_of(colour_image("CMYK", 4)), Bytes(8)), IsEmpty());
}

DatasetBuilder with_palette(const Image& image, const Bytes& descriptor, std::uint16_t data_tag,
                            const Bytes& red, const Bytes& green, const Bytes& blue) {
  auto builder = head_of(image);
  for (const std::uint16_t colour : {0x1101, 0x1102, 0x1103}) {
    builder.bytes(Tag{0x0028, colour}, Vr::US, descriptor);
  }
  for (const Bytes* data : {&red, &green, &blue}) {
    builder.bytes(Tag{0x0028, data_tag++}, Vr::OW, *data);
  }
  return builder;
}

// PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6
TEST(RenderColour, PalettesOf16And8BitsInWordsOrPacked) {
  const Image image = colour_image("PALETTE COLOR", 1);
  EXPECT_THAT(rendered(with_palette(image, words({2, 5, 16}), 0x1201, words({0x1234, 0xFF00}),
                                    words({0, 0x8000}), words({0xFFFF, 0x0100})),
                       Bytes{5, 200}),
              ElementsAre(0x12, 0, 255, 255, 128, 1));
  EXPECT_THAT(rendered(with_palette(image, words({2, 5, 8}), 0x1201, words({1, 2}), words({3, 4}),
                                    words({5, 6})),
                       Bytes{0, 6}),
              ElementsAre(1, 3, 5, 2, 4, 6));
  EXPECT_THAT(
      rendered(with_palette(image, words({2, 5, 8}), 0x1201, Bytes{1, 2}, Bytes{3, 4}, Bytes{5, 6}),
               Bytes{5, 6}),
      ElementsAre(1, 3, 5, 2, 4, 6));
}

TEST(RenderColour, AWholePaletteHas65536EntriesThatAreWrittenAs0) {
  Bytes ramp(2 * 65536);
  for (std::size_t i = 0; i < 65536; ++i) {
    ramp[2 * i] = static_cast<core::Byte>(i);
    ramp[2 * i + 1] = static_cast<core::Byte>(i >> 8);
  }
  EXPECT_THAT(rendered(with_palette(colour_image("PALETTE COLOR", 1, 16), words({0, 0, 16}), 0x1201,
                                    ramp, ramp, ramp),
                       words({0x1234, 0xFFFF})),
              ElementsAre(0x12, 0x12, 0x12, 255, 255, 255));
}

TEST(RenderColour, APaletteWithoutDataIsNoPicture) {
  EXPECT_THAT(rendered(with_palette(colour_image("PALETTE COLOR", 1), words({256, 0, 16}), 0x1201,
                                    words({1}), words({1}), words({1})),
                       Bytes{0, 1}),
              IsEmpty());
}

// PS3.3 §C.7.9.2: two entries, three on the way to 0xA000, and the first two once more.
TEST(RenderColour, SegmentedPalettesAreExpanded) {
  const Bytes segments = words({0, 2, 0x1000, 0x4000, 1, 3, 0xA000, 2, 1, 0, 0});
  const Image image = colour_image("PALETTE COLOR", 1);
  const auto builder = with_palette(image, words({7, 0, 16}), 0x1221, segments, segments, segments);
  const auto reds = [&](core::Byte first, core::Byte second) {
    const auto cells = rendered(builder, Bytes{first, second});
    return std::vector<int>{cells.at(0), cells.at(3)};
  };
  EXPECT_THAT(reds(0, 1), ElementsAre(0x10, 0x40));
  EXPECT_THAT(reds(2, 3), ElementsAre(0x60, 0x80));
  EXPECT_THAT(reds(4, 5), ElementsAre(0xA0, 0x10));
  EXPECT_THAT(reds(6, 200), ElementsAre(0x40, 0x40));
}

TEST(RenderColour, SegmentsThatPointNowhereOrAtThemselvesAreNoPicture) {
  for (const Bytes& segments :
       {words({0, 2, 1, 2, 2, 9, 0, 0, 0}), words({2, 1, 0, 0}), words({1, 7, 5}),
        words({0, 7, 1, 2}), words({0, 1, 1, 2, 1, 0xFFFF, 0xFFFF}), words({3, 1, 1}),
        words({0, 0, 5, 0, 0, 5})}) {
    EXPECT_THAT(rendered(with_palette(colour_image("PALETTE COLOR", 1), words({7, 0, 16}), 0x1221,
                                      segments, segments, segments),
                         Bytes{0, 1}),
                IsEmpty());
  }
}

}  // namespace
}  // namespace sekisho::imaging::tests
