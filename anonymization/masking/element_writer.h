// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "core/byte_buffer.h"
#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// Appends data elements (PS3.5 §7.1) to a buffer that outlives it. Sequences and items get
/// undefined lengths, so that nothing is gone back to. Values are made even. One thread.
class ElementWriter {
 public:
  ElementWriter(core::ByteBuffer& out, core::dicom::VrCoding vr, core::dicom::ByteOrder order)
      : out_(out),
        vr_(vr),
        order_(order),
        is_usual_(vr == core::dicom::VrCoding::explicit_vr &&
                  order == core::dicom::ByteOrder::little) {}

  /// `value` is in the byte order of the data set. Throws MaskError for a value that its VR cannot
  /// hold: 65,534 bytes where the length field has 16 bits.
  void element(core::dicom::Tag tag, core::dicom::Vr vr, core::ByteView value);
  /// A value that was read in byte order `from`: words are turned round where that is not the
  /// writer's. One that implicit VR allows and its VR does not becomes a UN (PS3.5 §6.2.2).
  void copy(core::dicom::Tag tag, core::dicom::Vr vr, core::ByteView value,
            core::dicom::ByteOrder from);
  void text(core::dicom::Tag tag, core::dicom::Vr vr, std::string_view value) {
    element(tag, vr, core::as_bytes(value));
  }
  void begin_sequence(core::dicom::Tag tag);
  void begin_item();
  void end_item();
  void end_sequence();

  /// Where the next element will begin.
  std::size_t position() const { return out_.size(); }
  /// Takes back what was written since.
  void rewind(std::size_t position) { out_.rewind(position); }

 private:
  /// element(), inlined.
  void write(core::dicom::Tag tag, core::dicom::Vr vr, core::ByteView value);
  /// Writes what stands before a value of `length` bytes, or of undefined length, and makes room
  /// for the value behind it, which the result points to.
  core::Byte* begin(core::dicom::Tag tag, core::dicom::Vr vr, std::size_t length);
  void marker(core::dicom::Tag tag, std::uint32_t length);

  core::ByteBuffer& out_;
  core::dicom::VrCoding vr_;
  core::dicom::ByteOrder order_;
  bool is_usual_;  ///< explicit VR little endian
};

}  // namespace sekisho::anonymization
