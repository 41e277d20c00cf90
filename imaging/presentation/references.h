// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/presentation/item.h"

namespace sekisho::imaging {

/// An image that something of a state is about (PS3.3 §10.3).
struct ImageReference {
  std::string series;
  std::string instance;
  std::vector<std::uint32_t> frames;  ///< counted from 0; none: all
};

/// Whether the frame of the instance, counted from 0, is among them.
bool names(const std::vector<ImageReference>& images, std::string_view instance,
           std::uint32_t frame);

/// Which of the images of a state something is about; none: all of them.
struct References {
  std::vector<ImageReference> images;
  bool include(std::string_view instance, std::uint32_t frame) const {
    return images.empty() || names(images, instance, frame);
  }
};

/// Appends what the item's Referenced Image Sequence names; `series` is that of all of them.
void read_images(const Item& item, std::string_view series, std::vector<ImageReference>& to);
References read_references(const Item& item);

}  // namespace sekisho::imaging
