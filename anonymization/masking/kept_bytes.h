// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// What is known of the bytes under a tag (OB, OD, OF, OL, OV, OW, UN), and hence what they must be
/// to stay.
enum class BytesForm : std::uint8_t {
  numbers,          ///< of the unit that the VR says, which do not read as words
  lookup_table,     ///< as long as the descriptor before it says
  segmented_table,  ///< segments that add up to what the descriptor says
  icc_profile,      ///< rebuilt without what names a device, a person or a day
  waveform,         ///< channels × samples × bits before it; what lies behind goes
  sample,           ///< one sample of a waveform
  overlay,          ///< rows × columns × frames bits; what lies behind goes
  fill_pattern,     ///< 32 × 32 bits
  document,         ///< by a rule that somebody made to keep it
  opaque            ///< nobody can tell what is in it: goes
};
struct BytesRow {
  core::dicom::Tag tag;  ///< with the x of repeating groups as 0
  BytesForm form;
  std::string_view reason;
};
/// Of every element of the dictionary with such a VR that a data set may have before its pixels,
/// but for non-destructive testing (0014), and of two tables that may be US or OW. Sorted by tag.
std::span<const BytesRow> bytes_rows();

/// What the elements of one item say of the sizes of bytes that come after them. Nothing where they
/// say nothing. A value; it is told each element that stays, in their order.
class SizesOfBytes {
 public:
  void note(core::dicom::Tag tag, core::ByteView value, core::dicom::ByteOrder order);

  struct Table {
    std::uint32_t entries;
    std::uint16_t bits;  ///< of each, 8 to 16
  };
  /// Of the lookup table with this data, segmented or not (PS3.3 §C.7.6.3.1.5, §C.11.1.1).
  std::optional<Table> table_of(core::dicom::Tag data) const;
  /// PS3.3 §C.10.9.
  std::optional<std::uint64_t> waveform_bytes() const;
  /// Of the overlay of this group (PS3.3 §C.9.2).
  std::optional<std::uint64_t> overlay_bytes(std::uint16_t group) const;

 private:
  void note_descriptor(core::dicom::Tag tag, core::ByteView value, core::dicom::ByteOrder order);
  void note_overlay(core::dicom::Tag tag, core::ByteView value, core::dicom::ByteOrder order);

  static constexpr std::size_t kDescriptors = 7;
  std::array<std::uint16_t, kDescriptors> entries_{};
  std::array<std::uint16_t, kDescriptors> bits_of_entries_{};  ///< 0: no descriptor was met
  std::uint16_t channels_ = 0;
  std::uint16_t bits_of_samples_ = 0;
  std::uint32_t samples_ = 0;
  // Of the overlay that was met last.
  std::uint16_t overlay_group_ = 0;
  std::uint16_t rows_ = 0;
  std::uint16_t columns_ = 0;
  std::uint32_t frames_ = 1;
};

/// Whether the element is one of bytes_rows() that has to be judged by kept_bytes(), whatever its
/// VR.
bool is_lookup_table(core::dicom::Tag tag);

/// The bytes under `tag` that may stay; those of `value`, or of `made`, where new ones are made.
/// `nullopt`: they are not what they should be, or nobody can tell.
std::optional<core::ByteView> kept_bytes(core::dicom::Tag tag, core::dicom::Vr vr,
                                         core::ByteView value, core::dicom::ByteOrder order,
                                         const SizesOfBytes& sizes, std::string& made);

}  // namespace sekisho::anonymization
