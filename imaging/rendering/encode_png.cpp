// SPDX-License-Identifier: GPL-3.0-or-later
#include <png.h>

#include <stdexcept>

#include "imaging/rendering/embed_profile.h"
#include "imaging/rendering/encoders.h"

namespace sekisho::imaging {

/// By libpng's simplified interface, which returns errors where the other one jumps.
core::Bytes encode_png(const Picture& picture) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = picture.width;
  image.height = picture.height;
  image.format = picture.samples == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  // Who has a profile does not say sRGB as well.
  if (!picture.profile.empty()) image.flags |= PNG_IMAGE_FLAG_COLORSPACE_NOT_sRGB;
  core::Bytes made(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t size = made.size();
  const int is_done =
      png_image_write_to_memory(&image, made.data(), &size, 0, picture.cells.data(), 0, nullptr);
  png_image_free(&image);
  if (is_done == 0) throw std::runtime_error("a picture cannot be encoded as PNG");
  made.resize(size);
  return picture.profile.empty() ? made : with_profile_in_png(made, picture.profile);
}

}  // namespace sekisho::imaging
