// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/mutex.h"
#include "core/thread_annotations.h"

namespace sekisho::core {
namespace {

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
