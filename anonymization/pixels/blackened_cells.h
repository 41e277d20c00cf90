// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "anonymization/pixels/black_rectangles.h"
#include "core/byte_maker.h"
#include "core/stored_file.h"

namespace sekisho::anonymization {

/// A native value of which some pixels are black: read from its file, and blackened where it is
/// read. What stands behind the last frame is zero. Any thread.
class BlackenedCells final : public core::ByteMaker {
 public:
  enum class Words : std::uint8_t { as_bytes, big_endian };

  /// `value` has all native_size() bytes of a `shape` that `black` was made for, and, of big-endian
  /// words of bytes, the last one whole.
  BlackenedCells(core::StoredFile value, Words words, std::uint64_t native_size,
                 BlackRectangles black);

  void read(std::uint64_t offset, std::span<core::Byte> out) const override;
  /// Not what `value` is of.
  std::uint64_t memory_bytes() const override { return black_.memory_bytes(); }

 private:
  void read_words(std::uint64_t offset, std::span<core::Byte> out) const;

  const core::StoredFile value_;
  const Words words_;
  const std::uint64_t native_size_;
  const BlackRectangles black_;
};

}  // namespace sekisho::anonymization
