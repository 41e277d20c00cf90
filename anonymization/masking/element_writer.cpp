// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/element_writer.h"

#include <algorithm>
#include <cstring>

#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/replacement.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;
using core::dicom::Tag;
using core::dicom::Vr;
using core::dicom::VrCoding;

constexpr std::size_t kLongestShortValue = 0xFFFE;
constexpr std::size_t kLongestValue = 0xFFFFFFFE;

/// PS3.5 §6.2: text is padded with a space, UIDs and bytes with a zero.
Byte padding_of(Vr vr) { return core::dicom::is_text(vr) && vr != Vr::UI ? ' ' : 0; }

}  // namespace

[[gnu::always_inline]] inline Byte* ElementWriter::begin(Tag tag, Vr vr, std::size_t length) {
  using core::dicom::kLongHeaderBytes;
  using core::dicom::kShortHeaderBytes;
  // What nearly all elements are, in two stores: the masker writes hundreds of a file.
  if (is_usual_ && length <= kLongestShortValue && !core::dicom::has_long_length(vr)) {
    Byte* const at = out_.extend(kShortHeaderBytes + length);
    const auto letters = static_cast<std::uint32_t>(vr);
    core::dicom::write32(at, tag.value >> 16 | tag.value << 16, order_);
    core::dicom::write32(
        at + 4, letters >> 8 | (letters & 0xFF) << 8 | static_cast<std::uint32_t>(length) << 16,
        order_);
    return at + kShortHeaderBytes;
  }
  const std::size_t room = length == core::dicom::kUndefinedLength ? 0 : length;
  const bool is_explicit = vr_ == VrCoding::explicit_vr;
  const bool is_long = is_explicit && core::dicom::has_long_length(vr);
  const bool is_short = is_explicit && !is_long;
  if (room > (is_short ? kLongestShortValue : kLongestValue)) {
    throw MaskError("a value is longer than its VR allows");
  }
  Byte* const at = out_.extend((is_long ? kLongHeaderBytes : kShortHeaderBytes) + room);
  core::dicom::write_tag(at, tag, order_);
  if (is_explicit) {
    at[4] = static_cast<Byte>(static_cast<unsigned>(vr) >> 8);
    at[5] = static_cast<Byte>(static_cast<unsigned>(vr) & 0xFF);
  }
  if (is_short) {
    core::dicom::write16(at + 6, static_cast<std::uint16_t>(length), order_);
    return at + kShortHeaderBytes;
  }
  if (is_long) core::dicom::write16(at + 6, 0, order_);
  core::dicom::write32(at + (is_long ? 8 : 4), static_cast<std::uint32_t>(length), order_);
  return at + (is_long ? kLongHeaderBytes : kShortHeaderBytes);
}

[[gnu::always_inline]] inline void ElementWriter::write(Tag tag, Vr vr, ByteView value) {
  Byte* at = begin(tag, vr, value.size() + value.size() % 2);
  if (!value.empty()) std::memcpy(at, value.data(), value.size());
  if (value.size() % 2 != 0) at[value.size()] = padding_of(vr);
}

void ElementWriter::element(Tag tag, Vr vr, ByteView value) { write(tag, vr, value); }

void ElementWriter::copy(Tag tag, Vr vr, ByteView value, core::dicom::ByteOrder from) {
  if (from == order_ && value.size() <= kLongestShortValue) return write(tag, vr, value);
  const bool is_outgrown = value.size() > kLongestShortValue && vr_ == VrCoding::explicit_vr &&
                           !core::dicom::has_long_length(vr);
  if (is_outgrown) return element(tag, Vr::UN, value);
  element(tag, vr, value);
  if (from == order_) return;
  const std::size_t unit = word_size(vr);
  const std::size_t padding = value.size() % 2;
  const std::span<Byte> written = out_.last(value.size() + padding);
  for (std::size_t at = 0; value.size() - at >= unit; at += unit) {
    std::ranges::reverse(written.subspan(at, unit));
  }
}

void ElementWriter::begin_sequence(Tag tag) { begin(tag, Vr::SQ, core::dicom::kUndefinedLength); }
void ElementWriter::begin_item() { marker(core::dicom::kItem, core::dicom::kUndefinedLength); }
void ElementWriter::end_item() { marker(core::dicom::kItemDelimitation, 0); }
void ElementWriter::end_sequence() { marker(core::dicom::kSequenceDelimitation, 0); }

void ElementWriter::marker(Tag tag, std::uint32_t length) {
  Byte* at = out_.extend(core::dicom::kShortHeaderBytes);
  core::dicom::write_tag(at, tag, order_);
  core::dicom::write32(at + 4, length, order_);
}

}  // namespace sekisho::anonymization
