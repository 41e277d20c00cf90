// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

#include "core/bytes.h"

namespace sekisho::core {

/// Bytes that are appended in small pieces: a vector zeroes each piece before it is written.
/// Movable; one thread.
class ByteBuffer {
 public:
  /// With room for `capacity` bytes before it grows.
  explicit ByteBuffer(std::size_t capacity = 0)
      : bytes_(std::make_unique_for_overwrite<Byte[]>(capacity)), capacity_(capacity) {}
  ByteBuffer(ByteBuffer&& other) noexcept { *this = std::move(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    capacity_ = std::exchange(other.capacity_, 0);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  std::size_t size() const { return size_; }
  ByteView view() const { return {bytes_.get(), size_}; }

  /// `count` more bytes, to be written by the caller, all of them; valid until the next call.
  Byte* extend(std::size_t count) {
    if (capacity_ - size_ < count) grow(std::max(2 * capacity_, size_ + count));
    return bytes_.get() + std::exchange(size_, size_ + count);
  }
  void append(ByteView more) {
    if (!more.empty()) std::memcpy(extend(more.size()), more.data(), more.size());
  }
  /// The last `count` bytes, to be changed in place.
  std::span<Byte> last(std::size_t count) { return {bytes_.get() + size_ - count, count}; }
  /// Takes back what came after the first `size` bytes.
  void rewind(std::size_t size) { size_ = size; }

  Bytes copy() const { return {bytes_.get(), bytes_.get() + size_}; }

 private:
  void grow(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<Byte[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<Byte[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

}  // namespace sekisho::core
