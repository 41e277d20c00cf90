// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/pixel_data.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/dicom/element_header.h"
#include "imaging/decoders/image_shape.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::ElementHeader;
using core::dicom::Tag;
using enum WithholdReason;

constexpr Tag kPixelGroupLength{0x7FE0, 0x0000};
constexpr Tag kExtendedOffsets{0x7FE0, 0x0001};
constexpr Tag kExtendedLengths{0x7FE0, 0x0002};

bool is_beside_pixels(Tag tag) {
  return tag == kPixelGroupLength || tag == kExtendedOffsets || tag == kExtendedLengths;
}

/// One item of an encapsulated value.
struct Item {
  std::uint64_t offset;  ///< of its tag, counted from the first byte after the offset table
  ByteView value;
};

/// The items, the offset table first. CheckedFile has walked them; here nothing is taken on trust.
std::variant<std::vector<Item>, WithholdReason> items_of(ByteView value) {
  std::vector<Item> items;
  std::uint64_t at = 0;
  std::uint64_t first_fragment = 0;
  while (at + core::dicom::kShortHeaderBytes <= value.size()) {
    const Tag tag = core::dicom::read_tag(value.data() + at, ByteOrder::little);
    const std::uint32_t length = core::dicom::read32(value.data() + at + 4, ByteOrder::little);
    if (tag == core::dicom::kSequenceDelimitation) return items;
    const std::uint64_t begin = at + core::dicom::kShortHeaderBytes;
    if (tag != core::dicom::kItem || length > value.size() - begin) return pixels_malformed;
    if (items.empty()) first_fragment = begin + length;
    items.push_back({items.empty() ? 0 : at - first_fragment, value.subspan(begin, length)});
    at = begin + length;
  }
  return pixels_malformed;
}

/// How many fragments each frame has; empty if that cannot be told for certain.
std::vector<std::size_t> fragments_per_frame(const Item& table, std::span<const Item> fragments,
                                             std::uint32_t frames) {
  if (frames == 1) return {fragments.size()};
  if (table.value.empty()) {
    if (fragments.size() != frames) return {};
    return std::vector<std::size_t>(frames, 1);
  }
  if (table.value.size() != std::size_t{frames} * 4) return {};
  std::vector<std::size_t> counts;
  std::size_t at = 0;
  for (std::uint32_t frame = 0; frame < frames; ++frame) {
    const auto offset_of = [&](std::uint32_t number) {
      return core::dicom::read32(table.value.data() + std::size_t{number} * 4, ByteOrder::little);
    };
    if (at >= fragments.size() || fragments[at].offset != offset_of(frame)) return {};
    const std::size_t begin = at++;
    while (at < fragments.size() &&
           (frame + 1 == frames || fragments[at].offset < offset_of(frame + 1))) {
      ++at;
    }
    counts.push_back(at - begin);
  }
  return counts;
}

/// In pieces: a slow disk needs a second for all.
void read(const core::StoredFile& file, std::uint64_t offset, std::span<Byte> out,
          const core::Demand& demand) {
  constexpr std::size_t kPieceBytes = 8U << 20U;
  while (!out.empty()) {
    demand.ask();
    const auto piece = out.first(std::min(out.size(), kPieceBytes));
    file.read(offset, piece);
    offset += piece.size();
    out = out.subspan(piece.size());
  }
}

}  // namespace

std::variant<ElementHeader, WithholdReason> find_pixel_data(const core::dicom::CheckedFile& file) {
  if (std::ranges::any_of(file.pixel_tags(), [](Tag tag) {
        return tag != core::dicom::kPixelData && !is_beside_pixels(tag);
      })) {
    return pixels_unsupported;
  }
  const auto& syntax = file.transfer_syntax();
  const std::uint64_t end = file.pixel_offset() + file.pixel_size();
  std::uint64_t at = file.pixel_offset();
  while (at < end) {
    std::array<Byte, core::dicom::kLongHeaderBytes> bytes{};
    const std::size_t readable = std::min<std::uint64_t>(bytes.size(), end - at);
    file.source().read(at, std::span(bytes).first(readable));
    ElementHeader found;
    if (core::dicom::read_element_header(ByteView(bytes).first(readable), syntax.vr, syntax.order,
                                         found) != core::dicom::HeaderReading::sound) {
      return pixels_malformed;
    }
    found.value_offset = at + found.size_bytes;
    if (found.tag == core::dicom::kPixelData) {
      // Nothing in the group comes after it: that was seen above.
      const bool is_whole = found.is_undefined() || found.length <= end - found.value_offset;
      return is_whole ? std::variant<ElementHeader, WithholdReason>(found) : pixels_malformed;
    }
    if (!is_beside_pixels(found.tag) || found.is_undefined()) return pixels_unsupported;
    at = found.value_offset + found.length;
  }
  return pixels_missing;
}

std::variant<PixelData, WithholdReason> read_pixel_data(const core::dicom::CheckedFile& file,
                                                        const core::Demand& demand) {
  const auto found = find_pixel_data(file);
  if (const auto* reason = std::get_if<WithholdReason>(&found)) return *reason;
  const auto& header = std::get<ElementHeader>(found);
  const std::uint64_t rest = file.pixel_offset() + file.pixel_size() - header.value_offset;
  const std::uint64_t size = header.is_undefined() ? rest : header.length;
  if (size > imaging::kMostPixelBytes) return pixels_too_large;
  PixelData data;
  data.vr = header.vr;
  data.kind = header.is_undefined() ? PixelData::Kind::encapsulated : PixelData::Kind::native;
  data.value.resize(size);
  read(file.source(), header.value_offset, data.value, demand);
  return data;
}

std::variant<Frames, WithholdReason> Frames::split(ByteView value, std::uint32_t frames) {
  const auto read = items_of(value);
  if (const auto* reason = std::get_if<WithholdReason>(&read)) return *reason;
  const auto& items = std::get<std::vector<Item>>(read);
  if (items.size() < 2) return pixels_malformed;
  const std::span<const Item> fragments = std::span(items).subspan(1);
  const auto counts = fragments_per_frame(items.front(), fragments, frames);
  if (counts.empty()) return pixels_malformed;
  Frames result;
  std::size_t at = 0;
  for (const std::size_t count : counts) {
    const auto of_frame = fragments.subspan(at, count);
    at += count;
    if (count == 1) {
      result.streams_.push_back(of_frame.front().value);
      continue;
    }
    Bytes& joined = result.joined_.emplace_back();
    for (const Item& fragment : of_frame) {
      joined.insert(joined.end(), fragment.value.begin(), fragment.value.end());
    }
    result.streams_.emplace_back(joined);
  }
  return result;
}

}  // namespace sekisho::anonymization
