// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/verify/multiset_sum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "core/random.h"

namespace sekisho::audit {
namespace {

static_assert(std::endian::native == std::endian::little);

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void compress(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

}  // namespace

std::uint64_t siphash(const SipKey& key, core::ByteView data) {
  State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
              key[1] ^ 0x7465646279746573};
  const std::uint64_t size = data.size();
  for (; data.size() >= 8; data = data.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), sizeof word);
    state.compress(word);
  }
  std::uint64_t last = size << 56;
  for (std::size_t i = 0; i < data.size(); ++i) last |= std::uint64_t{data[i]} << (8 * i);
  state.compress(last);
  state.v2 ^= 0xFF;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

SipKey random_sip_key() {
  std::array<core::Byte, sizeof(SipKey)> bytes{};
  core::fill_random(bytes);
  return std::bit_cast<SipKey>(bytes);
}

}  // namespace sekisho::audit
