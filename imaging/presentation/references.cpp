// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/references.h"

#include <algorithm>
#include <utility>

namespace sekisho::imaging {
namespace {

using core::dicom::Tag;

constexpr std::size_t kMostFrames = 100'000;

}  // namespace

bool names(const std::vector<ImageReference>& images, std::string_view instance,
           std::uint32_t frame) {
  return std::ranges::any_of(images, [&](const ImageReference& each) {
    return each.instance == instance &&
           (each.frames.empty() || std::ranges::find(each.frames, frame) != each.frames.end());
  });
}

void read_images(const Item& item, std::string_view series, std::vector<ImageReference>& to) {
  for (const Item& named : item.items(Tag{0x0008, 0x1140})) {
    ImageReference image{std::string(series), std::string(named.text(Tag{0x0008, 0x1155})), {}};
    for (const double frame : named.numbers(Tag{0x0008, 0x1160}, kMostFrames)) {
      if (frame >= 1 && frame <= UINT32_MAX) {
        image.frames.push_back(static_cast<std::uint32_t>(frame) - 1);
      }
    }
    to.push_back(std::move(image));
  }
}

References read_references(const Item& item) {
  References of;
  read_images(item, {}, of.images);
  return of;
}

}  // namespace sekisho::imaging
