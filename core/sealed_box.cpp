// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sealed_box.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core/digest.h"
#include "core/random.h"

namespace sekisho::core {
namespace {

constexpr int kNonceBytes = 12;
constexpr int kTagBytes = 16;
constexpr Byte kSeparator[] = {0x00};

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};

int size_of(ByteView bytes) { return static_cast<int>(bytes.size()); }

/// Fetched once and kept, as core/digest.cpp keeps its hash: EVP_aes_256_gcm() searches the
/// providers anew at every use.
const EVP_CIPHER* fetched_aes_256_gcm() {
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> kCipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  return kCipher.get();
}

}  // namespace

Bytes seal_box(ByteView key, ByteView associated, ByteView plain) {
  if (key.size() != kBoxKeyBytes) throw std::runtime_error("a box is sealed with 32 bytes");
  Bytes box(kNonceBytes + plain.size() + kTagBytes);
  fill_nonce(std::span(box).first(kNonceBytes));
  Byte* const body = box.data() + kNonceBytes;
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  if (!context ||
      EVP_EncryptInit_ex(context.get(), fetched_aes_256_gcm(), nullptr, key.data(), box.data()) !=
          1 ||
      EVP_EncryptUpdate(context.get(), nullptr, &written, associated.data(), size_of(associated)) !=
          1 ||
      EVP_EncryptUpdate(context.get(), body, &written, plain.data(), size_of(plain)) != 1 ||
      EVP_EncryptFinal_ex(context.get(), body + written, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, body + plain.size()) !=
          1) {
    throw std::runtime_error("OpenSSL could not encrypt");
  }
  return box;
}

std::optional<Bytes> open_box(ByteView key, ByteView associated, ByteView box) {
  if (key.size() != kBoxKeyBytes || box.size() < kBoxOverheadBytes) return std::nullopt;
  const ByteView body = box.subspan(kNonceBytes, box.size() - kBoxOverheadBytes);
  Bytes tag(box.end() - kTagBytes, box.end());
  Bytes plain(body.size());
  Byte nothing = 0;
  Byte* const out = plain.empty() ? &nothing : plain.data();
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  if (!context ||
      EVP_DecryptInit_ex(context.get(), fetched_aes_256_gcm(), nullptr, key.data(), box.data()) !=
          1 ||
      EVP_DecryptUpdate(context.get(), nullptr, &written, associated.data(), size_of(associated)) !=
          1 ||
      EVP_DecryptUpdate(context.get(), out, &written, body.data(), size_of(body)) != 1 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) != 1 ||
      EVP_DecryptFinal_ex(context.get(), out + written, &written) != 1) {
    return std::nullopt;
  }
  return plain;
}

Bytes associated(std::initializer_list<std::string_view> parts) {
  Bytes data;
  for (const std::string_view part : parts) data.insert(data.end(), part.begin(), part.end());
  return data;
}

Secret derived_key(const Secret& key, std::string_view use) {
  const Sha256 derived = hmac_sha256(key.view(), {as_bytes(use)});
  return Secret(Bytes(derived.begin(), derived.end()));
}

Bits128 key_id(std::string_view label, ByteView key) {
  const Sha256 hash = sha256({as_bytes(label), kSeparator, key});
  Bits128 id{};
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

}  // namespace sekisho::core
