// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/preview_value.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "core/dicom/text_reader.h"

namespace sekisho::staff {
namespace {

using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::Token;
using core::dicom::Vr;

constexpr std::size_t kLongestText = 200;  // bytes of UTF-8
constexpr std::size_t kMostNumbers = 16;
constexpr std::string_view kCut = "…";

std::string cut(std::string_view utf8) {
  if (utf8.size() <= kLongestText) return std::string(utf8);
  std::size_t end = kLongestText;
  while ((static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) --end;
  return std::string(utf8.substr(0, end)).append(kCut);
}

template <class Number>
std::string digits(Number number) {
  char text[40];
  return {text, std::to_chars(std::begin(text), std::end(text), number).ptr};
}

std::string number_text(Vr vr, ByteView bytes, ByteOrder order) {
  using core::dicom::read_u16;
  using core::dicom::read_u32;
  using core::dicom::read_u64;
  switch (vr) {
    case Vr::US:
      return digits(read_u16(bytes, order));
    case Vr::SS:
      return digits(static_cast<std::int16_t>(read_u16(bytes, order)));
    case Vr::UL:
      return digits(read_u32(bytes, order));
    case Vr::SL:
      return digits(static_cast<std::int32_t>(read_u32(bytes, order)));
    case Vr::UV:
      return digits(read_u64(bytes, order));
    case Vr::SV:
      return digits(static_cast<std::int64_t>(read_u64(bytes, order)));
    case Vr::FL:
      return digits(std::bit_cast<float>(read_u32(bytes, order)));
    case Vr::FD:
      return digits(std::bit_cast<double>(read_u64(bytes, order)));
    default:  // AT
      return core::dicom::Tag(read_u16(bytes, order), read_u16(bytes.subspan(2), order)).hex();
  }
}

std::string numbers_text(Vr vr, ByteView value, ByteOrder order) {
  const std::size_t size = core::dicom::number_size(vr);
  std::string text;
  for (std::size_t i = 0; (i + 1) * size <= value.size(); ++i) {
    if (i > 0) text += '\\';
    if (i == kMostNumbers) return text.append(kCut);
    text += number_text(vr, value.subspan(i * size, size), order);
  }
  return text;
}

bool is_printable(ByteView value) {
  return std::ranges::all_of(value, [](core::Byte b) { return b >= 0x20 && b < 0x7F; });
}

}  // namespace

std::string shown_value(const Token& element, core::dicom::TextReader& reader, ByteOrder order) {
  if (element.value.empty()) return {};
  if (element.kind == Token::Kind::element) {
    std::string scratch;
    if (core::dicom::is_text(element.vr)) return cut(reader.text(element, scratch));
    if (core::dicom::number_size(element.vr) != 0) {
      return numbers_text(element.vr, element.value, order);
    }
    if (element.vr == Vr::UN && is_printable(element.value)) {
      return cut(core::dicom::without_trailing_padding(core::as_text(element.value)));
    }
  }
  return '<' + std::to_string(element.value.size()) + " bytes>";
}

}  // namespace sekisho::staff
