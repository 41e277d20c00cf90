// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "dicomweb/request.h"
#include "imaging/rendering/display_attributes.h"
#include "imaging/rendering/viewport.h"

namespace sekisho::dicomweb {

/// How pictures are to be made (PS3.18 §8.3.5.1). Where nothing is said, the file says it.
struct PictureWishes {
  std::optional<imaging::Viewport> viewport;
  std::optional<imaging::Window> window;
  int quality = 90;  ///< of JPEG, 1 to 100
  /// What ICC profile is in the file (PS3.18 §8.3.5.1.5): none, that of the image or else sRGB, or
  /// sRGB. The others are not made.
  enum class Profile : std::uint8_t { none, of_image, srgb, other } profile = Profile::none;
};

/// Reads `viewport`, `window`, `quality`, `annotation` and `iccprofile` (PS3.18 §8.3.5.1.5); others
/// are not looked at (PS3.18 §8.3.4). `nullopt`: one of them stands twice, cannot be read, means
/// nothing or asks for more than kMostViewportSide: 400. Annotations are never drawn, for what they
/// would show is what masking hides.
std::optional<PictureWishes> read_picture_wishes(const Request& request);

/// The same of a thumbnail, for which `viewport` alone counts (PS3.18 §8.3.5.2).
std::optional<PictureWishes> read_thumbnail_wishes(const Request& request);

}  // namespace sekisho::dicomweb
