// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "core/bytes.h"
#include "imaging/rendering/picture.h"

namespace sekisho::imaging {

/// JFIF, without subsampling of colours, with the picture's profile. `quality` is 1 to 100. Throws
/// std::runtime_error. Any thread.
core::Bytes encode_jpeg(const Picture& picture, int quality);
/// PNG of 8 bits, with the picture's profile; of pictures without one it says sRGB. Throws
/// std::runtime_error. Any thread.
core::Bytes encode_png(const Picture& picture);

/// An animated GIF that goes on for ever, one picture after another (GIF89a). Colours are rounded
/// to 6 × 7 × 6 of them. One thread.
class GifEncoder {
 public:
  /// All pictures have the size and samples of the first one. Throws std::runtime_error, as add().
  GifEncoder();
  ~GifEncoder();
  GifEncoder(const GifEncoder&) = delete;
  GifEncoder& operator=(const GifEncoder&) = delete;

  /// Shown for `milliseconds`. Returns what comes next of the file.
  core::Bytes add(const Picture& picture, double milliseconds);
  /// Returns the rest of the file.
  core::Bytes finish();

 private:
  struct File;
  std::unique_ptr<File> file_;
};

}  // namespace sekisho::imaging
