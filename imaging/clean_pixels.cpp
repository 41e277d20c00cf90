// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/clean_pixels.h"

#include <algorithm>

#include "core/dicom/element_header.h"
#include "imaging/pixel_elements.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
using core::dicom::CheckedFile;
using core::dicom::ElementHeader;
using core::dicom::PixelCoding;

PixelSource stored_pixels(const CheckedFile& file) {
  PixelSourceBuilder builder(file.source(), file.pixel_offset());
  builder.stored(file.pixel_offset(), file.pixel_size());
  return builder.take();
}

PixelSource no_pixels(const CheckedFile& file) {
  return PixelSourceBuilder(file.source(), file.pixel_offset()).take();
}

std::variant<PixelSource, Refusal> clean_pixels(const CheckedFile& file, const core::Demand& demand,
                                                core::MemoryBudget::Taken* memory) {
  const auto elements = read_pixel_elements(file);
  // A group may be there without pixels: its length alone, or what nobody knows.
  if (std::ranges::none_of(elements, is_pixel_element)) {
    return no_pixels(file);
  }
  const auto layout = read_pixel_layout(file);
  if (!layout) return Refusal::malformed;
  const ElementHeader* element = pixel_element(elements, *layout);
  if (element == nullptr) return Refusal::malformed;
  const bool is_native = file.transfer_syntax().pixels == PixelCoding::native;
  if (is_native == element->is_undefined()) return Refusal::malformed;
  return is_native ? clean_native(file, *element, *layout)
                   : clean_encapsulated(file, elements, *layout, demand, memory);
}

}  // namespace sekisho::imaging
