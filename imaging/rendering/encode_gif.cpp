// SPDX-License-Identifier: GPL-3.0-or-later
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>
#include <utility>

#include "imaging/rendering/encoders.h"

namespace sekisho::imaging {
namespace {

constexpr int kColours = 256;
constexpr std::array<std::uint32_t, 3> kSteps = {6, 7, 6};  // of red, green and blue: 252

[[noreturn]] void fail() { throw std::runtime_error("a picture cannot be encoded as GIF"); }

struct FreeMap {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};
using Map = std::unique_ptr<ColorMapObject, FreeMap>;

Map colour_map(std::uint32_t samples) {
  Map map(GifMakeMapObject(kColours, nullptr));
  if (!map) throw std::bad_alloc();
  for (std::uint32_t i = 0; i < kColours; ++i) {
    std::array<std::uint32_t, 3> light = {i, i, i};
    if (samples == 3) {
      light = {i / (kSteps[1] * kSteps[2]), i / kSteps[2] % kSteps[1], i % kSteps[2]};
      for (std::size_t k = 0; k < 3; ++k) {
        light[k] = std::min(255U, light[k] * 255 / (kSteps[k] - 1));
      }
    }
    map->Colors[i] = {static_cast<GifByteType>(light[0]), static_cast<GifByteType>(light[1]),
                      static_cast<GifByteType>(light[2])};
  }
  return map;
}

std::uint32_t step(core::Byte light, std::size_t colour) {
  return (light * (kSteps[colour] - 1) + 127) / 255;
}

/// Which colours of the map one row has.
void index_row(const Picture& picture, std::uint32_t row, core::Bytes& out) {
  const core::Byte* from = picture.cells.data() + row * picture.row_bytes();
  for (std::uint32_t x = 0; x < picture.width; ++x, from += picture.samples) {
    out[x] =
        picture.samples == 1
            ? *from
            : static_cast<core::Byte>(
                  (step(from[0], 0) * kSteps[1] + step(from[1], 1)) * kSteps[2] + step(from[2], 2));
  }
}

/// The library's function for what has been written. An exception must not pass through it.
int take(GifFileType* file, const GifByteType* bytes, int size) noexcept {
  try {
    auto& out = *static_cast<core::Bytes*>(file->UserData);
    out.insert(out.end(), bytes, bytes + size);
    return size;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

}  // namespace

struct GifEncoder::File {
  struct Close {
    void operator()(GifFileType* file) const { EGifCloseFile(file, nullptr); }
  };
  core::Bytes made;  ///< outlives the file, which writes its end when it is closed
  std::unique_ptr<GifFileType, Close> gif;
  bool has_begun = false;

  void begin(const Picture& picture);
  void control(double milliseconds);
};

GifEncoder::GifEncoder() : file_(std::make_unique<File>()) {
  int error = 0;
  file_->gif.reset(EGifOpen(&file_->made, &take, &error));
  if (!file_->gif) fail();
  EGifSetGifVersion(file_->gif.get(), true);
}

GifEncoder::~GifEncoder() = default;

/// The screen, and that the run never ends (the application extension of Netscape 2.0).
void GifEncoder::File::begin(const Picture& picture) {
  const Map map = colour_map(picture.samples);
  constexpr int kColourBits = 8;
  if (EGifPutScreenDesc(gif.get(), static_cast<int>(picture.width),
                        static_cast<int>(picture.height), kColourBits, 0, map.get()) != GIF_OK) {
    fail();
  }
  constexpr std::array<GifByteType, 3> kForEver = {1, 0, 0};
  if (EGifPutExtensionLeader(gif.get(), APPLICATION_EXT_FUNC_CODE) != GIF_OK ||
      EGifPutExtensionBlock(gif.get(), 11, "NETSCAPE2.0") != GIF_OK ||
      EGifPutExtensionBlock(gif.get(), kForEver.size(), kForEver.data()) != GIF_OK ||
      EGifPutExtensionTrailer(gif.get()) != GIF_OK) {
    fail();
  }
  has_begun = true;
}

void GifEncoder::File::control(double milliseconds) {
  constexpr double kMostHundredths = 65535;
  GraphicsControlBlock block{};
  block.DisposalMode = DISPOSE_DO_NOT;
  block.DelayTime = static_cast<int>(std::clamp(milliseconds / 10 + 0.5, 1.0, kMostHundredths));
  block.TransparentColor = NO_TRANSPARENT_COLOR;
  std::array<GifByteType, 4> bytes{};
  EGifGCBToExtension(&block, bytes.data());
  if (EGifPutExtension(gif.get(), GRAPHICS_EXT_FUNC_CODE, bytes.size(), bytes.data()) != GIF_OK) {
    fail();
  }
}

core::Bytes GifEncoder::add(const Picture& picture, double milliseconds) {
  constexpr std::uint32_t kMostSide = 65535;
  if (picture.width > kMostSide || picture.height > kMostSide) fail();
  if (!file_->has_begun) file_->begin(picture);
  file_->control(milliseconds);
  GifFileType* const gif = file_->gif.get();
  if (EGifPutImageDesc(gif, 0, 0, static_cast<int>(picture.width), static_cast<int>(picture.height),
                       false, nullptr) != GIF_OK) {
    fail();
  }
  core::Bytes row(picture.width);
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    index_row(picture, y, row);
    if (EGifPutLine(gif, row.data(), static_cast<int>(row.size())) != GIF_OK) fail();
  }
  return std::exchange(file_->made, {});
}

core::Bytes GifEncoder::finish() {
  int error = 0;
  if (EGifCloseFile(file_->gif.release(), &error) != GIF_OK) fail();
  return std::exchange(file_->made, {});
}

}  // namespace sekisho::imaging
