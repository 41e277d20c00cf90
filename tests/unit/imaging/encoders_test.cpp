// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/encoders.h"

#include <gif_lib.h>
#include <gmock/gmock.h>
#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "imaging/rendering/srgb_profile.h"

namespace sekisho::imaging {
namespace {

using ::testing::ElementsAre;

Picture ramp(std::uint32_t samples) {
  Picture picture{16, 16, samples, core::Bytes(std::size_t{256} * samples)};
  for (std::size_t i = 0; i < picture.cells.size(); ++i) {
    picture.cells[i] = static_cast<core::Byte>(i / samples);
  }
  return picture;
}

int largest_difference(const core::Bytes& one, const core::Bytes& other) {
  int largest = one.size() == other.size() ? 0 : 256;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    largest = std::max(largest, std::abs(one[i] - other[i]));
  }
  return largest;
}

TEST(Encoders, PngGivesBackEveryCell) {
  for (const std::uint32_t samples : {1U, 3U}) {
    const Picture picture = ramp(samples);
    const core::Bytes file = encode_png(picture);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    ASSERT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0);
    EXPECT_EQ(image.width, 16U);
    EXPECT_EQ((image.format & PNG_FORMAT_FLAG_COLOR) != 0, samples == 3);
    core::Bytes cells(PNG_IMAGE_SIZE(image));
    ASSERT_NE(png_image_finish_read(&image, nullptr, cells.data(), 0, nullptr), 0);
    EXPECT_EQ(cells, picture.cells);
  }
}

TEST(Encoders, AProfileIsInThePictureAndChangesNoCell) {
  for (const std::uint32_t samples : {1U, 3U}) {
    Picture picture = ramp(samples);
    const core::Bytes plain = encode_jpeg(picture, 90);
    picture.profile = srgb_profile(samples);
    const core::Bytes png = encode_png(picture);
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    ASSERT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0);
    EXPECT_EQ(image.warning_or_error, 0U) << image.message;
    core::Bytes cells(PNG_IMAGE_SIZE(image));
    ASSERT_NE(png_image_finish_read(&image, nullptr, cells.data(), 0, nullptr), 0);
    EXPECT_EQ(cells, picture.cells);
    const core::Bytes jpeg = encode_jpeg(picture, 90);
    const auto found = std::ranges::search(jpeg, picture.profile);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(jpeg.size(), plain.size() + picture.profile.size() + 18);
  }
}

TEST(Encoders, ALongProfileStandsInPieces) {
  Picture picture = ramp(3);
  picture.profile.assign(100'000, 7);
  const core::Bytes jpeg = encode_jpeg(picture, 90);
  std::vector<std::vector<int>> pieces;  // number, of how many, bytes
  for (std::size_t at = 2; jpeg[at + 1] != 0xDB;) {
    const int length = jpeg[at + 2] << 8 | jpeg[at + 3];
    if (jpeg[at + 1] == 0xE2) pieces.push_back({jpeg[at + 16], jpeg[at + 17], length - 16});
    at += 2 + static_cast<std::size_t>(length);
  }
  EXPECT_THAT(pieces, ElementsAre(ElementsAre(1, 2, 65519), ElementsAre(2, 2, 34481)));
  picture.profile.assign(20'000'000, 7);
  EXPECT_THROW(encode_jpeg(picture, 90), std::logic_error);
}

TEST(Encoders, JpegIsTheBetterTheHigherItsQuality) {
  for (const std::uint32_t samples : {1U, 3U}) {
    const Picture picture = ramp(samples);
    const core::Bytes fine = encode_jpeg(picture, 100);
    EXPECT_LT(encode_jpeg(picture, 5).size(), fine.size());
    const tjhandle reader = tjInitDecompress();
    core::Bytes cells(picture.cells.size());
    ASSERT_EQ(tjDecompress2(reader, fine.data(), fine.size(), cells.data(), 16, 0, 16,
                            samples == 1 ? TJPF_GRAY : TJPF_RGB, 0),
              0);
    tjDestroy(reader);
    EXPECT_LE(largest_difference(cells, picture.cells), 4);
  }
}

TEST(Encoders, WhatJpegCannotHoldIsTroubleAndNoFile) {
  const Picture picture{70000, 1, 1, core::Bytes(70000)};
  EXPECT_THROW(encode_jpeg(picture, 90), std::runtime_error);
  GifEncoder gif;
  EXPECT_THROW(gif.add(picture, 100), std::runtime_error);
}

struct Reading {
  const core::Bytes* file;
  std::size_t at;
};
int read_some(GifFileType* gif, GifByteType* out, int size) {
  auto& reading = *static_cast<Reading*>(gif->UserData);
  const auto count = std::min<std::size_t>(reading.file->size() - reading.at, size);
  std::memcpy(out, reading.file->data() + reading.at, count);
  reading.at += count;
  return static_cast<int>(count);
}

core::Bytes gif_of(const std::vector<Picture>& pictures) {
  GifEncoder encoder;
  core::Bytes file;
  for (const Picture& picture : pictures) {
    const auto more = encoder.add(picture, 70);
    file.insert(file.end(), more.begin(), more.end());
  }
  const auto rest = encoder.finish();
  file.insert(file.end(), rest.begin(), rest.end());
  return file;
}

TEST(Encoders, GifHasEveryFrameInTurn) {
  Picture second = ramp(1);
  std::ranges::reverse(second.cells);
  const core::Bytes file = gif_of({ramp(1), second});
  Reading reading{&file, 0};
  int error = 0;
  GifFileType* const gif = DGifOpen(&reading, &read_some, &error);
  ASSERT_NE(gif, nullptr);
  ASSERT_EQ(DGifSlurp(gif), GIF_OK);
  ASSERT_EQ(gif->ImageCount, 2);
  for (int i = 0; i < 2; ++i) {
    const auto& image = gif->SavedImages[i];
    const core::Bytes cells(image.RasterBits, image.RasterBits + 256);
    EXPECT_EQ(cells, i == 0 ? ramp(1).cells : second.cells);
    GraphicsControlBlock block{};
    ASSERT_EQ(DGifSavedExtensionToGCB(gif, i, &block), GIF_OK);
    EXPECT_EQ(block.DelayTime, 7);  // hundredths of a second
  }
  DGifCloseFile(gif, nullptr);
}

TEST(Encoders, ColoursOfAGifAreNear) {
  const core::Bytes file = gif_of({ramp(3)});
  Reading reading{&file, 0};
  int error = 0;
  GifFileType* const gif = DGifOpen(&reading, &read_some, &error);
  ASSERT_EQ(DGifSlurp(gif), GIF_OK);
  core::Bytes cells;
  for (int i = 0; i < 256; ++i) {
    const auto& colour = gif->SColorMap->Colors[gif->SavedImages[0].RasterBits[i]];
    cells.insert(cells.end(), {colour.Red, colour.Green, colour.Blue});
  }
  DGifCloseFile(gif, nullptr);
  EXPECT_LE(largest_difference(cells, ramp(3).cells), 26);
}

}  // namespace
}  // namespace sekisho::imaging
