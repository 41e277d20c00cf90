// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/frame_index.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/dicom/element_header.h"
#include "imaging/pixel_elements.h"
#include "imaging/stored_frames.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::dicom::ElementHeader;
using core::dicom::PixelCoding;
using core::dicom::TransferSyntax;

/// PS3.5 §A.4.11: frames are in fragments as they are.
constexpr std::string_view kEncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";

}  // namespace

std::optional<FrameIndex> FrameIndex::of(const PixelSource& pixels,
                                         const core::dicom::Dataset& header,
                                         const TransferSyntax& syntax, const core::Demand& demand) {
  const auto elements = read_pixel_elements(pixels, syntax);
  const auto layout = read_pixel_layout(header);
  if (!layout) return std::nullopt;
  const ElementHeader* element = pixel_element(elements, *layout);
  if (element == nullptr) return std::nullopt;
  FrameIndex index(pixels);
  index.layout_ = *layout;
  const bool is_found =
      syntax.pixels == PixelCoding::native
          ? index.find_native(*element, syntax)
          : element->is_undefined() && index.find_streams(elements, syntax, demand);
  if (!is_found) return std::nullopt;
  return index;
}

bool FrameIndex::find_native(const ElementHeader& element, const TransferSyntax& syntax) {
  if (element.is_undefined()) return false;
  // Some writers have all three samples of each pixel, whatever YBR_FULL_422 says.
  const std::uint64_t full_bytes = layout_.frame_bytes() * layout_.frames;
  if (layout_.is_subsampled && element.length >= full_bytes) return false;
  value_ = {element.value_offset, element.length};
  word_bytes_ = word_bytes(syntax, element.vr, layout_);
  return word_bytes_ != 0;
}

bool FrameIndex::find_streams(std::span<const ElementHeader> elements, const TransferSyntax& syntax,
                              const core::Demand& demand) {
  streams_ = syntax.uid == kEncapsulatedUncompressed ? Streams::of_cells : Streams::compressed;
  if (!pixels_.streams().empty()) return pixels_.streams().size() == layout_.frames;
  // What leaves as it is stored has no plan of its streams, and is one range of its file.
  const auto all = pixels_.range_at(0);
  if (!all || all->size != pixels_.size_bytes()) return false;
  const auto stored = read_stored_frames(pixels_.file().range(all->offset, all->size), elements,
                                         layout_.frames, demand);
  if (!stored) return false;
  for (const FrameFragments& frame : stored->frames) {
    first_of_.push_back(pieces_.size());
    for (const Fragment& fragment : stored->of(frame)) {
      pieces_.push_back({fragment.begin, fragment.size});
    }
  }
  first_of_.push_back(pieces_.size());
  return true;
}

std::span<const PixelRange> FrameIndex::pieces_of(std::uint32_t frame) const {
  if (first_of_.empty()) return std::span(pixels_.streams()).subspan(frame, 1);
  return std::span(pieces_).subspan(first_of_[frame], first_of_[frame + 1] - first_of_[frame]);
}

std::optional<std::uint64_t> FrameIndex::size_of(std::uint32_t frame) const {
  if (frame >= count()) return std::nullopt;
  if (streams_ == Streams::none) {
    const std::uint64_t bits = frame_bits();
    if ((std::uint64_t{frame} + 1) * bits > value_.size * 8) return std::nullopt;
    return (bits + 7) / 8;
  }
  std::uint64_t size = 0;
  for (const PixelRange& piece : pieces_of(frame)) size += piece.size;
  return size;
}

std::optional<PixelRange> FrameIndex::range_of(std::uint32_t frame) const {
  if (!size_of(frame)) return std::nullopt;
  if (streams_ != Streams::none) {
    const auto pieces = pieces_of(frame);
    return pieces.size() == 1 ? std::optional(pieces.front()) : std::nullopt;
  }
  const std::uint64_t bits = frame_bits();
  if (word_bytes_ != 1 || bits % 8 != 0) return std::nullopt;
  return PixelRange{value_.offset + frame * (bits / 8), bits / 8};
}

void FrameIndex::read(std::uint32_t frame, std::uint64_t offset, std::span<Byte> out) const {
  if (streams_ != Streams::none) return read_pieces(frame, offset, out);
  const std::uint64_t bits = frame_bits();
  read_bits(frame * bits + offset * 8, out);
  // Bits of the next frame, or of nothing, are over in the last byte (PS3.5 §8.1.1).
  const bool has_last = bits % 8 != 0 && offset + out.size() == (bits + 7) / 8;
  if (has_last && !out.empty()) {
    out.back() = static_cast<Byte>(out.back() & ((1U << (bits % 8)) - 1));
  }
}

void FrameIndex::read_pieces(std::uint32_t frame, std::uint64_t offset, std::span<Byte> out) const {
  for (const PixelRange& piece : pieces_of(frame)) {
    if (offset >= piece.size) {
      offset -= piece.size;
      continue;
    }
    const auto part = out.first(std::min<std::uint64_t>(out.size(), piece.size - offset));
    pixels_.read(piece.offset + offset, part);
    out = out.subspan(part.size());
    offset = 0;
    if (out.empty()) return;
  }
}

/// Single bits of all frames follow each other without a gap (PS3.5 §8.1.1), the first in the
/// lowest bit of a byte.
void FrameIndex::read_bits(std::uint64_t first_bit, std::span<Byte> out) const {
  const std::uint64_t shift = first_bit % 8;
  const std::uint64_t begin = first_bit / 8;
  read_little(begin, out);
  if (shift == 0 || out.empty()) return;
  Byte behind = 0;
  if (begin + out.size() < value_.size) read_little(begin + out.size(), std::span(&behind, 1));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Byte next = i + 1 < out.size() ? out[i + 1] : behind;
    out[i] = static_cast<Byte>(out[i] >> shift | next << (8 - shift));
  }
}

/// From `offset` in the value on, as if it were little endian.
void FrameIndex::read_little(std::uint64_t offset, std::span<Byte> out) const {
  const std::uint64_t word = word_bytes_;
  if (word == 1) return pixels_.read(value_.offset + offset, out);
  while (!out.empty()) {
    const std::uint64_t into_word = offset % word;
    if (into_word == 0 && out.size() >= word) {
      const auto whole = out.first(out.size() - out.size() % word);
      pixels_.read(value_.offset + offset, whole);
      for (std::size_t at = 0; at < whole.size(); at += word) {
        std::ranges::reverse(whole.subspan(at, word));
      }
      offset += whole.size();
      out = out.subspan(whole.size());
      continue;
    }
    std::array<Byte, 8> bytes{};
    const auto one = std::span(bytes).first(word);
    pixels_.read(value_.offset + offset - into_word, one);
    std::ranges::reverse(one);
    const auto part = out.first(std::min<std::uint64_t>(out.size(), word - into_word));
    std::ranges::copy(one.subspan(into_word, part.size()), part.begin());
    offset += part.size();
    out = out.subspan(part.size());
  }
}

}  // namespace sekisho::imaging
