// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secret.h"

#include <openssl/crypto.h>

#include "core/random.h"

namespace sekisho::core {

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

Secret Secret::random(std::size_t size_bytes) {
  Bytes bytes(size_bytes);
  fill_random(bytes);
  return Secret(std::move(bytes));
}

void Secret::wipe() noexcept {
  if (!bytes_.empty()) OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace sekisho::core
