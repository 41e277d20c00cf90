// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::imaging {

/// A table that maps numbers (PS3.3 §C.11.1, §C.11.2, §C.7.6.3.1.5): what lies below its first
/// input has the first entry, what lies above its last the last. A value; any thread.
class LookupTable {
 public:
  /// The three numbers of a LUT Descriptor as they stand in the data set.
  struct Descriptor {
    std::uint32_t entries = 0;  ///< 1 to 65536, which is written as 0
    std::int32_t first = 0;     ///< the input of the first entry
    std::uint32_t bits = 16;    ///< of an entry
  };
  enum class First : std::uint8_t { is_unsigned, is_signed };
  /// `nullopt`: not three numbers.
  static std::optional<Descriptor> read_descriptor(core::ByteView value,
                                                   core::dicom::ByteOrder order, First first);

  /// Entries as LUT Data have them: one to a word, or two where they have 8 bits and are packed.
  /// `nullopt`: fewer than the descriptor says.
  static std::optional<LookupTable> make(const Descriptor& descriptor, core::ByteView data,
                                         core::dicom::ByteOrder order);
  /// Segmented LUT Data (PS3.3 §C.7.9.2). `nullopt`: no sound list of segments, or other than the
  /// entries that the descriptor says.
  static std::optional<LookupTable> make_segmented(const Descriptor& descriptor,
                                                   core::ByteView data,
                                                   core::dicom::ByteOrder order);

  std::uint32_t at(double input) const;
  /// The entry for a part of all that there is as input, from 0 to 1.
  std::uint32_t at_part(double part) const;
  std::size_t size() const { return entries_.size(); }
  std::uint32_t bits() const { return bits_; }
  /// The largest number that an entry can be.
  std::uint32_t most() const { return (1U << bits_) - 1; }

 private:
  LookupTable(const Descriptor& descriptor, std::vector<std::uint16_t> entries);

  std::int32_t first_;
  std::uint32_t bits_;
  std::vector<std::uint16_t> entries_;  ///< never empty
};

}  // namespace sekisho::imaging
