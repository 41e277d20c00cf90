// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.h"

namespace sekisho::core {

/// Makes bytes when they are read: those that would take too much if they were all there at once.
/// Any thread.
class ByteMaker {
 public:
  ByteMaker() = default;
  ByteMaker(const ByteMaker&) = delete;
  ByteMaker& operator=(const ByteMaker&) = delete;
  virtual ~ByteMaker() = default;
  /// Fills `out` with the bytes from `offset` on. Throws StoreError.
  virtual void read(std::uint64_t offset, std::span<Byte> out) const = 0;
  /// The most that it takes of memory.
  virtual std::uint64_t memory_bytes() const = 0;
};

}  // namespace sekisho::core
