// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_elements.h"

#include <algorithm>
#include <array>
#include <span>

namespace sekisho::imaging {

using core::dicom::ElementHeader;

std::vector<ElementHeader> read_pixel_elements(const core::dicom::CheckedFile& file) {
  const auto& syntax = file.transfer_syntax();
  std::vector<ElementHeader> elements;
  std::uint64_t at = file.pixel_offset();
  const std::uint64_t end = at + file.pixel_size();
  while (at < end) {
    std::array<core::Byte, core::dicom::kLongHeaderBytes> bytes{};
    const auto there = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), end - at));
    file.source().read(at, there);
    ElementHeader element;
    // They were walked when the file was checked; here nothing is taken on trust.
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

const ElementHeader* find_element(const std::vector<ElementHeader>& elements,
                                  core::dicom::Tag tag) {
  const auto found = std::ranges::find(elements, tag, &ElementHeader::tag);
  return found == elements.end() ? nullptr : &*found;
}

}  // namespace sekisho::imaging
