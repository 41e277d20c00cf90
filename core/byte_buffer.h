// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>

#include "core/bytes.h"

namespace sekisho::core {

/// Bytes that are appended in small pieces: a vector zeroes each piece before it is written.
/// Movable; one thread.
class ByteBuffer {
 public:
  /// With room for `capacity` bytes before it grows.
  explicit ByteBuffer(std::size_t capacity) : bytes_(capacity) {}

  std::size_t size() const { return size_; }
  ByteView view() const { return {bytes_.data(), size_}; }

  /// `count` more bytes, to be written by the caller, all of them; valid until the next call.
  Byte* extend(std::size_t count) {
    if (bytes_.size() - size_ < count) bytes_.resize(std::max(2 * bytes_.size(), size_ + count));
    return bytes_.data() + std::exchange(size_, size_ + count);
  }
  void append(ByteView more) {
    if (!more.empty()) std::memcpy(extend(more.size()), more.data(), more.size());
  }
  /// The last `count` bytes, to be changed in place.
  std::span<Byte> last(std::size_t count) { return {bytes_.data() + size_ - count, count}; }
  /// Takes back what came after the first `size` bytes.
  void rewind(std::size_t size) { size_ = size; }

  Bytes take() && {
    bytes_.resize(size_);
    size_ = 0;
    return std::move(bytes_);
  }

 private:
  Bytes bytes_;
  std::size_t size_ = 0;
};

}  // namespace sekisho::core
