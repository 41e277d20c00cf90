// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "core/dicom/element_header.h"
#include "imaging/pixel_elements.h"
#include "imaging/pixel_source_builder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::dicom::ByteOrder;
using core::dicom::CheckedFile;
using core::dicom::ElementHeader;
using core::dicom::Vr;

/// VRs that hold pixels; of UN only implicit VR could have told more.
bool holds_pixels(Vr vr) {
  return vr == Vr::OB || vr == Vr::OW || vr == Vr::OF || vr == Vr::OD || vr == Vr::UN;
}

/// How many of the element's bits are declared samples.
std::uint64_t sample_bits(const ElementHeader& element, const PixelLayout& layout) {
  const std::uint64_t there = std::uint64_t{element.length} * 8;
  const std::uint64_t whole = there - there % layout.bits_allocated;
  return std::min(layout.native_bits(), whole);
}

/// The last word, of which not all bits are samples: the others are clear. Words have a byte order
/// (PS3.5 §7.3, §8.1.1).
std::array<Byte, 2> last_word(const CheckedFile& file, const ElementHeader& element,
                              std::uint64_t begin, std::uint64_t bits, ByteOrder order) {
  std::array<Byte, 2> bytes{};
  const std::uint64_t there = std::min<std::uint64_t>(2, element.length - begin);
  file.source().read(element.value_offset + begin, std::span(bytes).first(there));
  const std::uint32_t word = core::dicom::read16(bytes.data(), order) & ((1U << bits) - 1);
  core::dicom::write16(bytes.data(), static_cast<std::uint16_t>(word), order);
  return bytes;
}

}  // namespace

std::variant<PixelSource, Refusal> clean_native(const CheckedFile& file,
                                                const ElementHeader& element,
                                                const PixelLayout& layout) {
  const ByteOrder order = pixel_order(file.transfer_syntax());
  if (!holds_pixels(element.vr)) return Refusal::malformed;
  // Parsers differ on how larger cells lie in big endian words, and on 16 bits written as bytes.
  const bool is_unclear =
      order == ByteOrder::big && layout.has_unused_bits() &&
      (layout.bits_allocated > 16 || (layout.bits_allocated == 16 && element.vr == Vr::OB));
  if (is_unclear) return Refusal::unsupported;
  // Some writers have all three samples of each pixel, whatever YBR_FULL_422 says: cut to two
  // thirds, that would be another picture.
  const std::uint64_t full_bytes = layout.frame_bytes() * layout.frames;
  if (layout.is_subsampled && element.length >= full_bytes) return Refusal::malformed;

  const std::uint64_t bits = sample_bits(element, layout);
  const std::uint64_t size = (bits + 7) / 8;
  const bool has_last_word = size % 2 != 0 || bits % 8 != 0;
  const std::uint64_t whole = has_last_word ? (size - 1) / 2 * 2 : size;
  PixelSourceBuilder builder(file.source(), element.value_offset - element.size_bytes);
  builder.made(element_head(file.transfer_syntax(), element.tag, element.vr,
                            static_cast<std::uint32_t>(size + size % 2)));
  const bool is_masked = layout.has_unused_bits();
  const CellMask mask(layout, order);
  if (is_masked) {
    builder.masked(element.value_offset, whole, mask);
  } else {
    builder.stored(element.value_offset, whole);
  }
  if (has_last_word) {
    const ByteOrder word_order = element.vr == Vr::OB ? ByteOrder::little : order;
    auto word = last_word(file, element, whole, bits - whole * 8, word_order);
    if (is_masked) mask.apply(word);
    builder.made(word);
  }
  return builder.take();
}

}  // namespace sekisho::imaging
