// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_elements.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sekisho::imaging {

namespace {

using core::dicom::ElementHeader;
using core::dicom::Tag;
using core::dicom::TransferSyntax;

constexpr Tag kFloatPixelData{0x7FE0, 0x0008};
constexpr Tag kDoubleFloatPixelData{0x7FE0, 0x0009};
/// GE's private "implicit VR big endian DLX": only the pixels are big endian.
constexpr std::string_view kBigPixelsLittleRest = "1.2.840.113619.5.2";

/// They were walked when the file was checked; here nothing is taken on trust.
template <class Source>
std::vector<ElementHeader> read_elements(const Source& source, std::uint64_t at, std::uint64_t end,
                                         const TransferSyntax& syntax) {
  std::vector<ElementHeader> elements;
  while (at < end) {
    std::array<core::Byte, core::dicom::kLongHeaderBytes> bytes{};
    const auto there = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), end - at));
    source.read(at, there);
    ElementHeader element;
    if (core::dicom::read_element_header(there, syntax.vr, syntax.order, element) !=
        core::dicom::HeaderReading::sound) {
      break;
    }
    element.value_offset = at + element.size_bytes;
    if (!element.is_undefined() && element.length > end - element.value_offset) break;
    elements.push_back(element);
    if (element.is_undefined()) break;
    at = element.value_offset + element.length;
  }
  return elements;
}

}  // namespace

std::vector<ElementHeader> read_pixel_elements(const core::dicom::CheckedFile& file) {
  return read_elements(file.source(), file.pixel_offset(), file.pixel_offset() + file.pixel_size(),
                       file.transfer_syntax());
}

std::vector<ElementHeader> read_pixel_elements(const PixelSource& pixels,
                                               const TransferSyntax& syntax) {
  return read_elements(pixels, 0, pixels.size_bytes(), syntax);
}

const ElementHeader* find_element(std::span<const ElementHeader> elements, Tag tag) {
  const auto found = std::ranges::find(elements, tag, &ElementHeader::tag);
  return found == elements.end() ? nullptr : &*found;
}

bool is_pixel_element(const ElementHeader& element) {
  return element.tag == core::dicom::kPixelData || element.tag == kFloatPixelData ||
         element.tag == kDoubleFloatPixelData;
}

const ElementHeader* pixel_element(std::span<const ElementHeader> elements,
                                   const PixelLayout& layout) {
  const ElementHeader* integers = find_element(elements, core::dicom::kPixelData);
  const ElementHeader* floats =
      layout.bits_allocated == 32   ? find_element(elements, kFloatPixelData)
      : layout.bits_allocated == 64 ? find_element(elements, kDoubleFloatPixelData)
                                    : nullptr;
  return integers != nullptr && (layout.has_stored_bits || floats == nullptr) ? integers : floats;
}

core::dicom::ByteOrder pixel_order(const TransferSyntax& syntax) {
  return syntax.uid == kBigPixelsLittleRest ? core::dicom::ByteOrder::big : syntax.order;
}

std::uint32_t word_bytes(const TransferSyntax& syntax, core::dicom::Vr vr,
                         const PixelLayout& layout) {
  using core::dicom::Vr;
  if (pixel_order(syntax) == core::dicom::ByteOrder::little) return 1;
  if (vr == Vr::OB) return layout.bits_allocated <= 8 ? 1 : 0;
  if (vr == Vr::OW) return layout.bits_allocated <= 16 ? 2 : 0;
  return vr == Vr::OF ? 4 : vr == Vr::OD ? 8 : 0;
}

}  // namespace sekisho::imaging
