// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>

#include "core/bytes.h"

namespace sekisho::core {

/// What core/digest.h and core/file_digest.h are made of: SHA-1 for 20 bytes, SHA-256 for 32. One
/// of a kind at a time on a thread: what OpenSSL keeps for a digest is made once for each thread,
/// which takes longer than hashing a short message does. After finish() nothing of the message is
/// in it. Throws std::runtime_error where OpenSSL fails.
template <std::size_t kBytes>
class DigestStream {
  static_assert(kBytes == 20 || kBytes == 32);

 public:
  DigestStream() : context_(context_of_thread()) {
    require(context_ != nullptr && EVP_DigestInit_ex(context_, fetched(), nullptr) == 1);
  }
  void add(ByteView part) { require(EVP_DigestUpdate(context_, part.data(), part.size()) == 1); }
  std::array<Byte, kBytes> finish() {
    std::array<Byte, kBytes> out{};
    require(EVP_DigestFinal_ex(context_, out.data(), nullptr) == 1);
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
  };
  static void require(bool ok) {
    if (!ok) throw std::runtime_error("OpenSSL could not compute a digest");
  }
  /// Fetched once and kept until the plugin is unloaded: EVP_sha256() searches the providers anew
  /// at every digest, which costs more than hashing a short message does.
  static const EVP_MD* fetched() {
    static const std::unique_ptr<EVP_MD, Free> kAlgorithm(
        EVP_MD_fetch(nullptr, kBytes == 20 ? "SHA1" : "SHA256", nullptr));
    return kAlgorithm.get();
  }
  static EVP_MD_CTX* context_of_thread() {
    thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    return context.get();
  }
  EVP_MD_CTX* const context_;
};

}  // namespace sekisho::core
