// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digest.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

#include "core/digest_stream.h"
#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kSha256BlockBytes = 64;

/// OpenSSL's generator takes as long for 16 bytes as for some hundred. Every byte is given once.
class RandomStock {
 public:
  void take(std::span<Byte> out) {
    const MutexLock lock(mutex_);
    if (out.size() > bytes_.size() - taken_) {
      fill_random(bytes_);
      taken_ = 0;
    }
    const std::span<Byte> given = std::span(bytes_).subspan(taken_, out.size());
    std::ranges::copy(given, out.begin());
    OPENSSL_cleanse(given.data(), given.size());
    taken_ += out.size();
  }
  static constexpr std::size_t kBytes = 1024;

 private:
  Mutex mutex_;
  std::array<Byte, kBytes> bytes_ SEKISHO_GUARDED_BY(mutex_){};
  std::size_t taken_ SEKISHO_GUARDED_BY(mutex_) = kBytes;
};

}  // namespace

Sha1 sha1(ByteView data) {
  DigestStream<sizeof(Sha1)> stream;
  stream.add(data);
  return stream.finish();
}

Sha256 sha256(std::initializer_list<ByteView> parts) {
  DigestStream<sizeof(Sha256)> stream;
  for (ByteView part : parts) stream.add(part);
  return stream.finish();
}

Sha256 hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) {
  std::array<Byte, kSha256BlockBytes> block{};
  if (key.size() > block.size()) {
    const Sha256 hashed = sha256(key);
    std::copy(hashed.begin(), hashed.end(), block.begin());
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  std::array<Byte, kSha256BlockBytes> inner{};
  std::array<Byte, kSha256BlockBytes> outer{};
  for (std::size_t i = 0; i < block.size(); ++i) {
    inner[i] = block[i] ^ 0x36;
    outer[i] = block[i] ^ 0x5c;
  }
  DigestStream<sizeof(Sha256)> stream;
  stream.add(inner);
  for (ByteView part : parts) stream.add(part);
  const Sha256 hashed = stream.finish();
  const Sha256 result = sha256({outer, hashed});
  OPENSSL_cleanse(block.data(), block.size());
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return result;
}

void fill_nonce(std::span<Byte> out) {
  static RandomStock stock;
  if (out.size() > RandomStock::kBytes) return fill_random(out);
  stock.take(out);
}

void fill_random(std::span<Byte> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    throw std::runtime_error("the random generator failed");
  }
}

}  // namespace sekisho::core
