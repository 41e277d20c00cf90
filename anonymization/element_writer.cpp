// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/element_writer.h"

#include <algorithm>

#include "anonymization/mask.h"
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

void ElementWriter::element(Tag tag, Vr vr, ByteView value) {
  const bool is_short = vr_ == VrCoding::explicit_vr && !core::dicom::has_long_length(vr);
  const std::size_t even = value.size() + value.size() % 2;
  if (even > (is_short ? kLongestShortValue : kLongestValue)) {
    throw MaskError("a value is longer than its VR allows");
  }
  header(tag, vr, static_cast<std::uint32_t>(even));
  out_.insert(out_.end(), value.begin(), value.end());
  if (even != value.size()) out_.push_back(padding_of(vr));
}

void ElementWriter::begin_sequence(Tag tag) { header(tag, Vr::SQ, core::dicom::kUndefinedLength); }
void ElementWriter::begin_item() { marker(core::dicom::kItem, core::dicom::kUndefinedLength); }
void ElementWriter::end_item() { marker(core::dicom::kItemDelimitation, 0); }
void ElementWriter::end_sequence() { marker(core::dicom::kSequenceDelimitation, 0); }

void ElementWriter::header(Tag tag, Vr vr, std::uint32_t length) {
  if (vr_ == VrCoding::implicit_vr) return marker(tag, length);
  const bool is_long = core::dicom::has_long_length(vr);
  Byte* at = grow(is_long ? core::dicom::kLongHeaderBytes : core::dicom::kShortHeaderBytes);
  put_tag(at, tag);
  at[4] = static_cast<Byte>(static_cast<unsigned>(vr) >> 8);
  at[5] = static_cast<Byte>(static_cast<unsigned>(vr) & 0xFF);
  if (is_long) {
    core::dicom::write16(at + 6, 0, order_);
    core::dicom::write32(at + 8, length, order_);
  } else {
    core::dicom::write16(at + 6, static_cast<std::uint16_t>(length), order_);
  }
}

void ElementWriter::marker(Tag tag, std::uint32_t length) {
  Byte* at = grow(core::dicom::kShortHeaderBytes);
  put_tag(at, tag);
  core::dicom::write32(at + 4, length, order_);
}

Byte* ElementWriter::grow(std::size_t count) {
  const std::size_t begin = out_.size();
  out_.resize(begin + count);
  return out_.data() + begin;
}

void ElementWriter::put_tag(Byte* at, Tag tag) const {
  core::dicom::write16(at, tag.group(), order_);
  core::dicom::write16(at + 2, tag.element(), order_);
}

}  // namespace sekisho::anonymization
