// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/pixel_facts.h"

#include <optional>

#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::ByteOrder;
using core::dicom::Tag;
using core::dicom::Token;

constexpr Tag kUltrasoundRegions{0x0018, 0x6011};
constexpr std::uint16_t kOverlayBitPosition = 0x0102;
/// Machines write a handful. The area around them costs the square of their number.
constexpr std::size_t kMostRegions = 256;

std::string_view trimmed(core::ByteView value) {
  constexpr std::string_view kPadding{" \0", 2};
  const std::string_view text = core::as_text(value);
  const auto first = text.find_first_not_of(kPadding);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kPadding) - first + 1);
}

bool is_overlay(Tag tag) {
  return (tag.group() & 0xFF01) == 0x6000;  // PS3.5 §7.6
}

/// Of the SC and the hard copy equipment (PS3.3 §C.8.6.1): (0018,1010) to (0018,101B), and the
/// format that was acquired. PS3.15 §E.3.1 has such images looked at.
bool names_a_capture(Tag tag) {
  return (tag >= Tag{0x0018, 0x1010} && tag <= Tag{0x0018, 0x101B}) || tag == Tag{0x0018, 0x1022} ||
         tag == Tag{0x0018, 0x1023};
}

/// The corners of one item of (0018,6011), both inside the region (PS3.3 §C.8.5.5.1.2).
class Region {
 public:
  void see(Tag tag, core::ByteView value, ByteOrder order) {
    constexpr std::uint16_t kMinX0 = 0x6018;
    constexpr std::uint16_t kMinY0 = 0x601A;
    constexpr std::uint16_t kMaxX1 = 0x601C;
    constexpr std::uint16_t kMaxY1 = 0x601E;
    if (tag.group() != kUltrasoundRegions.group() || value.size() != 4) return;
    const std::uint32_t number = core::dicom::read32(value.data(), order);
    if (tag.element() == kMinX0) left_ = number;
    if (tag.element() == kMinY0) top_ = number;
    if (tag.element() == kMaxX1) right_ = number;
    if (tag.element() == kMaxY1) bottom_ = number;
  }

  std::optional<Rectangle> rectangle() const {
    if (!left_ || !top_ || !right_ || !bottom_) return std::nullopt;
    if (*right_ < *left_ || *bottom_ < *top_ || *right_ == UINT32_MAX || *bottom_ == UINT32_MAX) {
      return std::nullopt;
    }
    return Rectangle{*left_, *top_, *right_ - *left_ + 1, *bottom_ - *top_ + 1};
  }

 private:
  std::optional<std::uint32_t> left_;
  std::optional<std::uint32_t> top_;
  std::optional<std::uint32_t> right_;
  std::optional<std::uint32_t> bottom_;
};

std::uint32_t read_us(core::ByteView value, ByteOrder order) {
  return value.size() == 2 ? core::dicom::read16(value.data(), order) : 0;
}

void read_element(PixelFacts& facts, const Token& token, ByteOrder order) {
  switch (token.tag.value) {
    case Tag{0x0008, 0x0008}.value:
      facts.image_type = trimmed(token.value);
      return;
    case Tag{0x0008, 0x0016}.value:
      facts.sop_class = trimmed(token.value);
      return;
    case Tag{0x0008, 0x0060}.value:
      facts.modality = trimmed(token.value);
      return;
    case Tag{0x0008, 0x0064}.value:
      facts.conversion_type = trimmed(token.value);
      return;
    case Tag{0x0008, 0x0070}.value:
      facts.manufacturer = trimmed(token.value);
      return;
    case Tag{0x0008, 0x1090}.value:
      facts.model = trimmed(token.value);
      return;
    case Tag{0x0018, 0x1020}.value:
      facts.software = trimmed(token.value);
      return;
    case Tag{0x0028, 0x0010}.value:
      facts.rows = read_us(token.value, order);
      return;
    case Tag{0x0028, 0x0011}.value:
      facts.columns = read_us(token.value, order);
      return;
    case Tag{0x0028, 0x0301}.value:
      facts.burned_in = trimmed(token.value);
      return;
    case Tag{0x0028, 0x0302}.value:
      facts.recognizable = trimmed(token.value);
      return;
    default:
      break;
  }
  if (names_a_capture(token.tag) && !trimmed(token.value).empty()) facts.was_captured = true;
  if (is_overlay(token.tag) && token.tag.element() == kOverlayBitPosition &&
      read_us(token.value, order) != 0) {
    facts.overlay_in_pixels = true;
  }
}

}  // namespace

PixelFacts read_pixel_facts(const core::dicom::CheckedFile& file) {
  const auto& syntax = file.transfer_syntax();
  PixelFacts facts;
  facts.meta_sop_class = file.sop_class_uid();
  facts.transfer_syntax = syntax.uid;
  core::dicom::Replay walk = file.replay_header();
  bool in_regions = false;
  Region region;
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth == 0) {
      in_regions = token.kind == Token::Kind::sequence_begin && token.tag == kUltrasoundRegions;
      if (token.kind == Token::Kind::element) read_element(facts, token, syntax.order);
      continue;
    }
    if (!in_regions || token.depth != 1) continue;
    if (token.kind == Token::Kind::item_begin) region = {};
    if (token.kind == Token::Kind::element) region.see(token.tag, token.value, syntax.order);
    if (token.kind == Token::Kind::item_end) {
      if (const auto rectangle = region.rectangle()) facts.us_regions.push_back(*rectangle);
    }
  }
  if (facts.us_regions.size() > kMostRegions) facts.us_regions.clear();
  return facts;
}

}  // namespace sekisho::anonymization
