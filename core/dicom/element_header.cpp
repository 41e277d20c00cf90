// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/element_header.h"

#include "core/dicom/dictionary.h"

namespace sekisho::core::dicom {

std::variant<ElementHeader, HeaderProblem> read_element_header(ByteView bytes, VrCoding vr,
                                                               ByteOrder order) {
  if (bytes.size() < kShortHeaderBytes) return HeaderProblem::too_few_bytes;
  ElementHeader header;
  header.tag = read_tag(bytes.data(), order);
  header.coding = vr;
  header.size_bytes = kShortHeaderBytes;
  if (vr == VrCoding::implicit_vr) {
    header.vr = implicit_vr(header.tag);
    header.length = read32(bytes.data() + 4, order);
    return header;
  }
  const auto letters = parse_vr(static_cast<char>(bytes[4]), static_cast<char>(bytes[5]));
  if (!letters) return HeaderProblem::unknown_vr;
  header.vr = *letters;
  if (!has_long_length(header.vr)) {
    header.length = read16(bytes.data() + 6, order);
    return header;
  }
  if (bytes.size() < kLongHeaderBytes) return HeaderProblem::too_few_bytes;
  header.size_bytes = kLongHeaderBytes;
  header.length = read32(bytes.data() + 8, order);
  return header;
}

}  // namespace sekisho::core::dicom
