// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::tests {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::Tag;
using core::dicom::Vr;

enum class Length { defined, undefined };

/// Writes a data set element by element in any uncompressed transfer syntax; checks nothing, so
/// that malformed data can be written too.
class DatasetBuilder {
 public:
  explicit DatasetBuilder(std::string_view transfer_syntax = core::dicom::kExplicitVrLittleEndian)
      : syntax_(*core::dicom::TransferSyntax::from_uid(transfer_syntax)) {}

  /// Text and UI values are padded to even length; others must be even already.
  DatasetBuilder& text(Tag tag, Vr vr, std::string_view value) {
    std::string padded(value);
    if (padded.size() % 2 != 0) padded += vr == Vr::UI ? '\0' : ' ';
    return bytes(tag, vr, core::as_bytes(padded));
  }
  DatasetBuilder& bytes(Tag tag, Vr vr, ByteView value) {
    header(tag, vr, static_cast<std::uint32_t>(value.size()));
    data_.insert(data_.end(), value.begin(), value.end());
    return *this;
  }
  DatasetBuilder& us(Tag tag, std::uint16_t value) {
    header(tag, Vr::US, 2);
    put16(value);
    return *this;
  }
  DatasetBuilder& begin_sequence(Tag tag, Length length = Length::undefined, Vr vr = Vr::SQ) {
    header(tag, vr, 0xFFFFFFFF);
    open(length);
    return *this;
  }
  DatasetBuilder& end_sequence() { return close(core::dicom::kSequenceDelimitation); }
  DatasetBuilder& begin_item(Length length = Length::undefined) {
    put_tag(core::dicom::kItem);
    put32(0xFFFFFFFF);
    open(length);
    return *this;
  }
  DatasetBuilder& end_item() { return close(core::dicom::kItemDelimitation); }
  /// Encapsulated pixel data: an empty offset table and the fragments.
  DatasetBuilder& encapsulated(Tag tag, const std::vector<Bytes>& fragments) {
    header(tag, Vr::OB, 0xFFFFFFFF);
    fragment({});
    for (const Bytes& bytes : fragments) fragment(bytes);
    put_tag(core::dicom::kSequenceDelimitation);
    put32(0);
    return *this;
  }
  /// Bytes as they are.
  DatasetBuilder& raw(ByteView bytes) {
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  /// The tag, VR and length alone, with any length.
  DatasetBuilder& header(Tag tag, Vr vr, std::uint32_t length) {
    put_tag(tag);
    if (syntax_.vr == core::dicom::VrCoding::implicit_vr) {
      put32(length);
      return *this;
    }
    const auto letters = static_cast<std::uint16_t>(vr);
    data_.push_back(static_cast<Byte>(letters >> 8));
    data_.push_back(static_cast<Byte>(letters & 0xFF));
    if (core::dicom::has_long_length(vr)) {
      put16(0);
      put32(length);
    } else {
      put16(static_cast<std::uint16_t>(length));
    }
    return *this;
  }

  const Bytes& dataset() const { return data_; }

  /// Preamble, "DICM", file meta information and the data set. A deflated syntax is not deflated
  /// here.
  Bytes part10(std::string_view sop_class, std::string_view sop_instance) const {
    DatasetBuilder meta;
    const Byte version[] = {0, 1};
    meta.bytes(Tag{0x0002, 0x0001}, Vr::OB, version)
        .text(Tag{0x0002, 0x0002}, Vr::UI, sop_class)
        .text(Tag{0x0002, 0x0003}, Vr::UI, sop_instance)
        .text(Tag{0x0002, 0x0010}, Vr::UI, syntax_.uid)
        .text(Tag{0x0002, 0x0012}, Vr::UI, "2.25.1");
    DatasetBuilder length;
    length.header(Tag{0x0002, 0x0000}, Vr::UL, 4);
    length.put32(static_cast<std::uint32_t>(meta.data_.size()));
    Bytes file(128, 0);
    for (char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<Byte>(c));
    const std::initializer_list<const Bytes*> parts{&length.data_, &meta.data_, &data_};
    for (const Bytes* part : parts) {
      file.insert(file.end(), part->begin(), part->end());
    }
    return file;
  }

 private:
  void put16(std::uint16_t value) {
    const bool big = syntax_.order == core::dicom::ByteOrder::big;
    data_.push_back(static_cast<Byte>(big ? value >> 8 : value & 0xFF));
    data_.push_back(static_cast<Byte>(big ? value & 0xFF : value >> 8));
  }
  void put32(std::uint32_t value) {
    const bool big = syntax_.order == core::dicom::ByteOrder::big;
    put16(static_cast<std::uint16_t>(big ? value >> 16 : value & 0xFFFF));
    put16(static_cast<std::uint16_t>(big ? value & 0xFFFF : value >> 16));
  }
  void put_tag(Tag tag) {
    put16(tag.group());
    put16(tag.element());
  }
  void fragment(ByteView bytes) {
    put_tag(core::dicom::kItem);
    put32(static_cast<std::uint32_t>(bytes.size()));
    raw(bytes);
  }
  void open(Length length) { open_.push_back({data_.size(), length}); }
  DatasetBuilder& close(Tag delimiter) {
    const Open container = open_.back();
    open_.pop_back();
    if (container.length == Length::undefined) {
      put_tag(delimiter);
      put32(0);
      return *this;
    }
    DatasetBuilder size(syntax_.uid);
    size.put32(static_cast<std::uint32_t>(data_.size() - container.begin));
    std::copy(size.data_.begin(), size.data_.end(),
              data_.begin() + static_cast<std::ptrdiff_t>(container.begin) - 4);
    return *this;
  }

  struct Open {
    std::size_t begin;
    Length length;
  };
  core::dicom::TransferSyntax syntax_;
  Bytes data_;
  std::vector<Open> open_;
};

}  // namespace sekisho::tests
