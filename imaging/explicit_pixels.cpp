// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/explicit_pixels.h"

#include "core/dicom/element_header.h"
#include "imaging/pixel_elements.h"
#include "imaging/pixel_layout.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::dicom::ByteOrder;
using core::dicom::ElementHeader;
using core::dicom::TransferSyntax;

/// 0: nobody can say.
std::uint32_t word_of(const ElementHeader& element, const std::optional<PixelLayout>& layout,
                      const TransferSyntax& syntax) {
  if (pixel_order(syntax) == ByteOrder::little) return 1;
  return layout && is_pixel_element(element) ? word_bytes(syntax, element.vr, *layout) : 0;
}

/// The elements are all of the pixels: nothing that cannot be read stands behind them.
bool are_all(const std::vector<ElementHeader>& elements, std::uint64_t size) {
  if (elements.empty()) return size == 0;
  const ElementHeader& last = elements.back();
  return !last.is_undefined() && last.value_offset + last.length == size;
}

}  // namespace

std::optional<PixelSource> explicit_pixels(const PixelSource& pixels,
                                           const core::dicom::Dataset& header,
                                           const TransferSyntax& syntax) {
  const auto target = *TransferSyntax::from_uid(core::dicom::kExplicitVrLittleEndian);
  const auto elements = read_pixel_elements(pixels, syntax);
  if (!are_all(elements, pixels.size_bytes())) return std::nullopt;
  const auto layout = read_pixel_layout(header);
  PixelSourceBuilder builder(pixels.file(), pixels.file().size_bytes());
  for (const ElementHeader& element : elements) {
    if (element.tag.element() == 0) continue;  // a group length, of what it was (PS3.5 §7.2)
    const std::uint32_t word = word_of(element, layout, syntax);
    if (word == 0 || !core::dicom::has_long_length(element.vr)) return std::nullopt;
    const std::uint32_t padding = element.length % 2;  // PS3.5 §7.1.1
    builder.made(element_head(target, element.tag, element.vr, element.length + padding));
    if (!builder.part_of(pixels, {element.value_offset, element.length}, word)) {
      return std::nullopt;
    }
    if (padding != 0) builder.made(core::Bytes{0});
  }
  return builder.take();
}

}  // namespace sekisho::imaging
