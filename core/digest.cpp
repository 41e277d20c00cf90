// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digest.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "core/digest_stream.h"

namespace sekisho::core {
namespace {

constexpr std::size_t kSha256BlockBytes = 64;

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

}  // namespace sekisho::core
