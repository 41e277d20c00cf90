// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/clean_pixels.h"

#include <algorithm>

#include "core/dicom/element_header.h"
#include "imaging/pixel_elements.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::dicom::CheckedFile;
using core::dicom::ElementHeader;
using core::dicom::PixelCoding;
using core::dicom::Tag;

constexpr Tag kFloatPixelData{0x7FE0, 0x0008};
constexpr Tag kDoubleFloatPixelData{0x7FE0, 0x0009};

/// Which of the three the header speaks of: floating point has no bits stored (PS3.3 §C.7.6.24,
/// §C.7.6.25).
const ElementHeader* pixel_element(const std::vector<ElementHeader>& elements,
                                   const PixelLayout& layout) {
  const ElementHeader* integers = find_element(elements, core::dicom::kPixelData);
  const ElementHeader* floats =
      layout.bits_allocated == 32   ? find_element(elements, kFloatPixelData)
      : layout.bits_allocated == 64 ? find_element(elements, kDoubleFloatPixelData)
                                    : nullptr;
  return integers != nullptr && (layout.has_stored_bits || floats == nullptr) ? integers : floats;
}

bool is_pixel_element(const ElementHeader& element) {
  return element.tag == core::dicom::kPixelData || element.tag == kFloatPixelData ||
         element.tag == kDoubleFloatPixelData;
}

}  // namespace

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
