// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_layout.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/dicom/element_header.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;
using core::dicom::Tag;
using core::dicom::Token;

std::string_view trimmed(ByteView value) {
  constexpr std::string_view kPadding{" \0", 2};
  const std::string_view text = core::as_text(value);
  const auto first = text.find_first_not_of(kPadding);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kPadding) - first + 1);
}

/// The values as they stand.
struct Values {
  std::optional<std::uint32_t> samples, rows, columns, allocated, stored, high_bit, representation;
  std::string_view photometric;
  std::string_view frames;
  bool is_sound = true;  ///< no US of another length than two bytes

  void see(const Token& token) {
    const auto number = [&](std::optional<std::uint32_t>& to) {
      is_sound &= token.value.size() == 2 && !to;
      if (token.value.size() == 2) to = core::dicom::read16(token.value.data(), token.order);
    };
    switch (token.tag.element()) {
      case 0x0002:
        return number(samples);
      case 0x0004:
        photometric = trimmed(token.value);
        return;
      case 0x0008:
        frames = trimmed(token.value);
        return;
      case 0x0010:
        return number(rows);
      case 0x0011:
        return number(columns);
      case 0x0100:
        return number(allocated);
      case 0x0101:
        return number(stored);
      case 0x0102:
        return number(high_bit);
      case 0x0103:
        return number(representation);
      default:
        return;
    }
  }
};

constexpr std::uint16_t kImageGroup = 0x0028;

template <class Walk>
Values values_in(Walk walk) {
  Values values;
  for (Token token = walk.next();
       token.kind != Token::Kind::end && token.kind != Token::Kind::defect; token = walk.next()) {
    if (token.depth != 0 || token.kind != Token::Kind::element) continue;
    if (token.tag.group() > kImageGroup) break;
    if (token.tag.group() == kImageGroup) values.see(token);
  }
  return values;
}

/// An absent number of frames is one (PS3.3 §C.7.6.6).
std::optional<std::uint32_t> frames_of(std::string_view text) {
  if (text.empty()) return 1;
  if (text.front() == '+') text.remove_prefix(1);
  std::uint32_t frames = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (error != std::errc() || end != text.data() + text.size() || frames == 0 ||
      frames > INT32_MAX) {
    return std::nullopt;
  }
  return frames;
}

/// 16 + 16 + 2 + 7 bits, and 31 of the frames would be too many.
bool fits(const PixelLayout& layout) {
  constexpr std::uint64_t kMostBits = 1ULL << 62;
  return layout.frame_bits() <= kMostBits / layout.frames;
}

std::optional<PixelLayout> layout_of(const Values& values) {
  const auto frames = frames_of(values.frames);
  if (!values.is_sound || !frames || !values.rows || !values.columns || !values.allocated) {
    return std::nullopt;
  }
  PixelLayout layout;
  layout.rows = *values.rows;
  layout.columns = *values.columns;
  layout.frames = *frames;
  layout.samples = values.samples.value_or(1);
  layout.bits_allocated = *values.allocated;
  layout.has_stored_bits = values.stored.has_value();
  layout.high_bit = values.high_bit.value_or(values.stored.value_or(layout.bits_allocated) - 1);
  const std::uint32_t stored = values.stored.value_or(layout.bits_allocated);
  layout.is_signed = values.representation.value_or(0) == 1;
  layout.is_subsampled =
      values.photometric == "YBR_FULL_422" || values.photometric == "YBR_PARTIAL_422";
  const bool has_cells =
      layout.bits_allocated == 1 || (layout.bits_allocated % 8 == 0 && layout.bits_allocated <= 64);
  if (layout.rows == 0 || layout.columns == 0 || layout.samples == 0 || layout.samples > 4 ||
      layout.bits_allocated == 0 || !has_cells || stored == 0 || stored > layout.bits_allocated ||
      layout.high_bit >= layout.bits_allocated || layout.high_bit + 1 < stored ||
      values.representation.value_or(0) > 1 || (layout.is_subsampled && layout.samples != 3) ||
      !fits(layout)) {
    return std::nullopt;
  }
  layout.low_bit = layout.high_bit + 1 - stored;
  return layout;
}

}  // namespace

std::optional<PixelLayout> read_pixel_layout(const core::dicom::CheckedFile& file) {
  return layout_of(values_in(file.replay_header()));
}

std::optional<PixelLayout> read_pixel_layout(const core::dicom::Dataset& header) {
  // The functional groups of every frame stand behind the image group.
  const core::dicom::TagRange range{core::dicom::kDatasetTags.first, Tag{kImageGroup, 0xFFFF}};
  return layout_of(values_in(core::dicom::Walker(header.bytes, header.vr, header.order, range)));
}

}  // namespace sekisho::imaging
