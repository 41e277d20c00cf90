// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/image_shape.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "core/dicom/element_header.h"

namespace sekisho::imaging {
namespace {

using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::Token;
using enum Photometric;
using enum Refusal;

struct PhotometricRow {
  Photometric photometric;
  std::string_view name;
  std::uint32_t samples;
};
/// In the order of the enumeration. PS3.3 §C.7.6.3.1.2; the rest is retired or cannot be stored.
constexpr auto kPhotometrics = std::to_array<PhotometricRow>({
    {monochrome1, "MONOCHROME1", 1},
    {monochrome2, "MONOCHROME2", 1},
    {palette_color, "PALETTE COLOR", 1},
    {rgb, "RGB", 3},
    {ybr_full, "YBR_FULL", 3},
    {ybr_full_422, "YBR_FULL_422", 3},
    {ybr_ict, "YBR_ICT", 3},
    {ybr_rct, "YBR_RCT", 3},
});

std::string_view trimmed(ByteView value) {
  const std::string_view text = core::as_text(value);
  return text.substr(0, text.find_last_not_of(std::string_view(" \0", 2)) + 1);
}

/// The red, green or blue table of a palette (PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6).
struct Lut {
  ByteView descriptor;
  ByteView data;
};

/// The values that the shape is made of, as they stand.
struct RawShape {
  std::optional<std::uint32_t> samples, rows, columns, bits_allocated, bits_stored, high_bit;
  std::optional<std::uint32_t> representation, planar;
  std::string_view photometric;
  std::string_view frames;
  std::array<Lut, 3> palette;
};

std::optional<std::uint32_t> number(ByteView value, ByteOrder order) {
  if (value.size() != 2) return std::nullopt;
  return core::dicom::read16(value.data(), order);
}

void read_element(RawShape& raw, const Token& token, ByteOrder order) {
  const ByteView value = token.value;
  switch (token.tag.value & 0xFFFF) {
    case 0x0002:
      raw.samples = number(value, order);
      break;
    case 0x0004:
      raw.photometric = trimmed(value);
      break;
    case 0x0006:
      raw.planar = number(value, order);
      break;
    case 0x0008:
      raw.frames = trimmed(value);
      break;
    case 0x0010:
      raw.rows = number(value, order);
      break;
    case 0x0011:
      raw.columns = number(value, order);
      break;
    case 0x0100:
      raw.bits_allocated = number(value, order);
      break;
    case 0x0101:
      raw.bits_stored = number(value, order);
      break;
    case 0x0102:
      raw.high_bit = number(value, order);
      break;
    case 0x0103:
      raw.representation = number(value, order);
      break;
    case 0x1101:
    case 0x1102:
    case 0x1103:
      raw.palette[token.tag.element() - 0x1101U].descriptor = value;
      break;
    case 0x1201:
    case 0x1202:
    case 0x1203:
      raw.palette[token.tag.element() - 0x1201U].data = value;
      break;
    default:
      break;
  }
}

constexpr std::uint16_t kImageGroup = 0x0028;

/// Of a walk that is sound.
template <class Walk>
RawShape read_raw(Walk walk) {
  RawShape raw;
  for (Token token = walk.next();
       token.kind != Token::Kind::end && token.kind != Token::Kind::defect; token = walk.next()) {
    if (token.depth == 0 && token.kind == Token::Kind::element &&
        token.tag.group() == kImageGroup) {
      read_element(raw, token, token.order);
    }
  }
  return raw;
}

std::optional<std::uint32_t> frames_of(std::string_view text) {
  if (text.empty()) return 1;
  text.remove_prefix(std::min(text.find_first_not_of(" +"), text.size()));
  std::uint32_t frames = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frames);
  if (error != std::errc() || end != text.data() + text.size() || frames == 0) return std::nullopt;
  return frames;
}

/// The pixel value whose colour is the darkest. `nullopt` for tables that are not what their
/// descriptors say; segmented ones have no data here.
std::optional<std::uint32_t> darkest_index(const std::array<Lut, 3>& palette, ByteOrder order) {
  constexpr std::uint32_t kFullTable = 65536;  // written as 0
  const Lut& red = palette.front();
  if (red.descriptor.size() != 6) return std::nullopt;
  std::uint32_t entries = core::dicom::read16(red.descriptor.data(), order);
  if (entries == 0) entries = kFullTable;
  const std::uint32_t first = core::dicom::read16(red.descriptor.data() + 2, order);
  if (first + entries > kFullTable) return std::nullopt;
  for (const Lut& lut : palette) {
    if (!std::ranges::equal(lut.descriptor, red.descriptor)) return std::nullopt;
    if (lut.data.size() != red.data.size()) return std::nullopt;
  }
  // 8-bit tables may be packed two to a word; a word's low byte comes first in little endian.
  const bool words = red.data.size() == std::size_t{entries} * 2;
  if (!words && (red.data.size() != entries + entries % 2 || order == ByteOrder::big)) {
    return std::nullopt;
  }
  std::uint32_t darkest = 0;
  std::uint32_t least = UINT32_MAX;
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::uint32_t light = 0;
    for (const Lut& lut : palette) {
      light +=
          words ? core::dicom::read16(lut.data.data() + std::size_t{i} * 2, order) : lut.data[i];
    }
    if (light >= least) continue;
    least = light;
    darkest = first + i;
  }
  return darkest;
}

/// 16 + 16 + 2 + 5 bits: no overflow.
std::uint64_t bits_of_frame(const ImageShape& shape) {
  return shape.frame_samples() * shape.bits_allocated;
}

std::optional<Refusal> problem_with(const ImageShape& shape) {
  constexpr std::array<std::uint32_t, 4> kCells = {1, 8, 16, 32};
  if (shape.rows == 0 || shape.columns == 0) return malformed;
  if (std::ranges::find(kCells, shape.bits_allocated) == kCells.end()) return unsupported;
  // What is named YBR_RCT is RGB once it is decoded (PS3.5 §8.2.4).
  if (shape.samples == 3 && shape.bits_allocated != 8 && shape.photometric != rgb &&
      shape.photometric != ybr_rct) {
    return unsupported;
  }
  if (shape.bits_allocated == 1 && shape.samples != 1) return unsupported;
  if (shape.bits_stored == 0 || shape.bits_stored > shape.bits_allocated ||
      shape.high_bit >= shape.bits_allocated || shape.high_bit + 1 < shape.bits_stored) {
    return malformed;
  }
  if (bits_of_frame(shape) / 8 > kMostPixelBytes) return too_large;
  return std::nullopt;
}

std::variant<ImageShape, Refusal> shape_of(const RawShape& raw) {
  const auto row = std::ranges::find(kPhotometrics, raw.photometric, &PhotometricRow::name);
  if (row == kPhotometrics.end()) return unsupported;
  const auto frames = frames_of(raw.frames);
  if (!raw.samples || !raw.rows || !raw.columns || !raw.bits_allocated || !raw.bits_stored ||
      !raw.high_bit || !raw.representation || !frames || *raw.representation > 1 ||
      raw.planar.value_or(0) > 1 || *raw.samples != row->samples) {
    return malformed;
  }
  ImageShape shape;
  shape.rows = *raw.rows;
  shape.columns = *raw.columns;
  shape.frames = *frames;
  shape.samples = *raw.samples;
  shape.bits_allocated = *raw.bits_allocated;
  shape.bits_stored = *raw.bits_stored;
  shape.high_bit = *raw.high_bit;
  shape.sign = *raw.representation == 1 ? ImageShape::Sign::with : ImageShape::Sign::without;
  shape.planes = shape.samples > 1 && raw.planar.value_or(0) == 1 ? ImageShape::Planes::separate
                                                                  : ImageShape::Planes::interleaved;
  shape.photometric = row->photometric;
  if (const auto problem = problem_with(shape)) return *problem;
  return shape;
}

}  // namespace

PixelLayout frame_layout(const ImageShape& shape) {
  PixelLayout layout;
  layout.rows = shape.rows;
  layout.columns = shape.columns;
  layout.samples = shape.samples;
  layout.bits_allocated = shape.bits_allocated;
  layout.high_bit = shape.high_bit;
  layout.low_bit = shape.high_bit + 1 - shape.bits_stored;
  layout.is_signed = shape.sign == ImageShape::Sign::with;
  return layout;
}

std::string_view name(Photometric photometric) {
  return kPhotometrics.at(static_cast<std::size_t>(photometric)).name;
}

std::variant<ImageShape, Refusal> read_image_shape(const core::dicom::CheckedFile& file) {
  const RawShape raw = read_raw(file.replay_header());
  auto found = shape_of(raw);
  auto* shape = std::get_if<ImageShape>(&found);
  if (shape == nullptr) return found;
  if (shape->photometric == palette_color) {
    const auto darkest = darkest_index(raw.palette, file.transfer_syntax().order);
    if (!darkest) return unsupported;
    if (*darkest >> shape->bits_stored != 0) return malformed;
    shape->darkest_index = *darkest;
  }
  return found;
}

std::variant<ImageShape, Refusal> read_image_shape(const core::dicom::Dataset& header) {
  const core::dicom::TagRange range{core::dicom::kDatasetTags.first,
                                    core::dicom::Tag{kImageGroup, 0xFFFF}};
  return shape_of(read_raw(core::dicom::Walker(header.bytes, header.vr, header.order, range)));
}

}  // namespace sekisho::imaging
