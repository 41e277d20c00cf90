// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "core/bytes.h"

namespace sekisho::core {

/// Bytes that must not outlive their use: wiped when destroyed, never copied, never printed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
  ~Secret() { wipe(); }
  Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  /// `size_bytes` from the operating system's generator; throws std::runtime_error if it fails.
  static Secret random(std::size_t size_bytes);
  /// A second owner, spelled out because it is a second place to protect.
  Secret clone() const { return Secret(bytes_); }

  ByteView view() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  void wipe() noexcept;
  Bytes bytes_;
};

/// Compares in a time that depends on the sizes alone.
bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace sekisho::core
