// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

#include "core/bytes.h"

namespace sekisho::audit {

/// SipHash-2-4 (Aumasson and Bernstein 2012).
using SipKey = std::array<std::uint64_t, 2>;
std::uint64_t siphash(const SipKey& key, core::ByteView data);
SipKey random_sip_key();

/// A fingerprint of a set of rows, whatever their order: the sum of their hashes under a key drawn
/// for this one comparison. Whoever wrote the rows could not know the key, so two different sets
/// agree with probability 2^-64. A value of constant size.
class MultisetSum {
 public:
  explicit MultisetSum(const SipKey& key) : key_(key) {}
  void add(core::ByteView row) {
    sum_ += siphash(key_, row);
    ++rows_;
  }
  std::uint64_t rows() const { return rows_; }
  friend bool operator==(const MultisetSum&, const MultisetSum&) = default;

 private:
  SipKey key_;
  std::uint64_t sum_ = 0;
  std::uint64_t rows_ = 0;
};

}  // namespace sekisho::audit
