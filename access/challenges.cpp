// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/challenges.h"

#include <array>

#include "core/encoding.h"
#include "core/random.h"

namespace sekisho::access {
namespace {

constexpr std::size_t kRandomBytes = 16;
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kDrawnBytes = kRandomBytes + kTimeBytes;
constexpr std::size_t kBytes = kDrawnBytes + std::tuple_size_v<core::Sha256>;

void write(core::Time time, std::span<core::Byte> out) {
  auto microseconds = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (std::size_t i = out.size(); i-- > 0; microseconds >>= 8) {
    out[i] = static_cast<core::Byte>(microseconds);
  }
}

core::Time read_time(core::ByteView bytes) {
  std::uint64_t microseconds = 0;
  for (const core::Byte byte : bytes) microseconds = (microseconds << 8) | byte;
  return core::Time(std::chrono::microseconds(static_cast<std::int64_t>(microseconds)));
}

}  // namespace

core::Sha256 Challenges::mac_of(core::ByteView drawn, std::string_view purpose) const {
  return core::hmac_sha256(key_.view(), {drawn, core::as_bytes(purpose)});
}

std::string Challenges::issue(std::string_view purpose, core::Time now) const {
  std::array<core::Byte, kDrawnBytes> drawn{};
  core::fill_random(std::span(drawn).first(kRandomBytes));
  write(now, std::span(drawn).last(kTimeBytes));
  core::Bytes challenge(drawn.begin(), drawn.end());
  const core::Sha256 mac = mac_of(drawn, purpose);
  challenge.insert(challenge.end(), mac.begin(), mac.end());
  return core::to_base64url(challenge);
}

bool Challenges::is_open(std::string_view challenge, std::string_view purpose,
                         core::Time now) const {
  const auto bytes = core::from_base64url(challenge);
  if (!bytes || bytes->size() != kBytes) return false;
  const core::ByteView drawn = core::ByteView(*bytes).first(kDrawnBytes);
  const core::Sha256 mac = mac_of(drawn, purpose);
  if (!core::equal_in_constant_time(mac, core::ByteView(*bytes).subspan(kDrawnBytes))) return false;
  const core::Time issued_at = read_time(drawn.last(kTimeBytes));
  if (now < issued_at || now - issued_at >= life_) return false;
  const core::MutexLock lock(mutex_);
  return !spent_.contains(challenge);
}

bool Challenges::spend(std::string_view challenge, core::Time now) {
  const core::MutexLock lock(mutex_);
  while (!in_turn_.empty() && in_turn_.front().first <= now) {
    spent_.erase(in_turn_.front().second);
    in_turn_.pop_front();
  }
  if (spent_.size() >= kMostSpent || !spent_.emplace(challenge).second) return false;
  in_turn_.emplace_back(now + life_, challenge);
  return true;
}

}  // namespace sekisho::access
