// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/seal.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "core/digest.h"

namespace sekisho::audit {
namespace {

constexpr int kNonceBytes = 12;
constexpr int kTagBytes = 16;
constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kBoxLabel = "sekisho audit text";
constexpr std::string_view kKeyLabel = "sekisho audit text key";
constexpr std::string_view kWrapLabel = "sekisho audit wrapped key";

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
};

int size_of(core::ByteView bytes) { return static_cast<int>(bytes.size()); }

/// Fetched once and kept, as core/digest.cpp keeps its hash: EVP_aes_256_gcm() searches the
/// providers anew at every use.
const EVP_CIPHER* fetched_aes_256_gcm() {
  static const std::unique_ptr<EVP_CIPHER, FreeCipher> kCipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  return kCipher.get();
}

/// NIST SP 800-38D with a random nonce of 96 bits: safe for 2^32 boxes under one key.
core::Bytes encrypt(core::ByteView key, core::ByteView associated, core::ByteView plain) {
  core::Bytes box(kNonceBytes + plain.size() + kTagBytes);
  core::fill_random(std::span(box).first(kNonceBytes));
  core::Byte* const body = box.data() + kNonceBytes;
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

std::optional<core::Bytes> decrypt(core::ByteView key, core::ByteView associated,
                                   core::ByteView box) {
  if (key.size() != kKeyBytes || box.size() < kBoxOverheadBytes) return std::nullopt;
  const core::ByteView body = box.subspan(kNonceBytes, box.size() - kBoxOverheadBytes);
  core::Bytes tag(box.end() - kTagBytes, box.end());
  core::Bytes plain(body.size());
  core::Byte nothing = 0;
  core::Byte* const out = plain.empty() ? &nothing : plain.data();
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

void append(core::Bytes& out, core::ByteView part) {
  out.insert(out.end(), part.begin(), part.end());
}

core::Bytes box_associated(const Bits128& salt, const Bits128& id) {
  core::Bytes data;
  append(data, core::as_bytes(kBoxLabel));
  append(data, salt);
  append(data, id);
  return data;
}

core::Bytes wrap_associated(const Bits128& id, const Subject& subject) {
  core::Bytes data;
  append(data, core::as_bytes(kWrapLabel));
  data.push_back(static_cast<core::Byte>(subject.kind));
  append(data, subject.hash);
  append(data, id);
  return data;
}

}  // namespace

Bits128 text_key_id(core::ByteView key) { return key_id(kKeyLabel, key); }

WrappingKey::WrappingKey(core::Secret key)
    : key_(std::move(key)), id_(key_id("sekisho audit wrapping key", key_.view())) {}

core::Bytes WrappingKey::wrap(const TextKey& key) const {
  return encrypt(key_.view(), wrap_associated(key.id, key.subject), key.key.view());
}

std::optional<core::Secret> WrappingKey::unwrap(const Bits128& id, const Subject& subject,
                                                core::ByteView wrapped) const {
  auto plain = decrypt(key_.view(), wrap_associated(id, subject), wrapped);
  if (!plain) return std::nullopt;
  core::Secret key(*std::move(plain));
  if (key.view().size() != kKeyBytes || text_key_id(key.view()) != id) return std::nullopt;
  return key;
}

core::Bytes seal(core::ByteView key, const Bits128& salt, std::string_view text) {
  return encrypt(key, box_associated(salt, text_key_id(key)), core::as_bytes(text));
}

std::optional<std::string> unseal(core::ByteView key, const Bits128& salt, core::ByteView box) {
  const auto plain = decrypt(key, box_associated(salt, text_key_id(key)), box);
  if (!plain) return std::nullopt;
  return std::string(core::as_text(*plain));
}

}  // namespace sekisho::audit
