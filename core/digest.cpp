// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/digest.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <type_traits>

#include "core/create.h"
#include "core/file_digest.h"

namespace sekisho::core {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

void require(bool ok) {
  if (!ok) throw std::runtime_error("OpenSSL could not compute a digest");
}

/// Fetched once and kept until the plugin is unloaded: EVP_sha256() searches the providers anew at
/// every digest, which costs more than hashing a short message does.
template <class Digest>
const EVP_MD* fetched() {
  static const std::unique_ptr<EVP_MD, FreeAlgorithm> kAlgorithm(
      EVP_MD_fetch(nullptr, std::is_same_v<Digest, Sha1> ? "SHA1" : "SHA256", nullptr));
  return kAlgorithm.get();
}

/// One of a kind at a time on a thread. What OpenSSL keeps for a digest is made once for each
/// thread: that takes longer than hashing a short message does. After finish() nothing of the
/// message is in it.
template <class Digest>
class DigestStream {
 public:
  DigestStream() : context_(context_of_thread()) {
    require(context_ != nullptr && EVP_DigestInit_ex(context_, fetched<Digest>(), nullptr) == 1);
  }
  void add(ByteView part) { require(EVP_DigestUpdate(context_, part.data(), part.size()) == 1); }
  Digest finish() {
    Digest out{};
    require(EVP_DigestFinal_ex(context_, out.data(), nullptr) == 1);
    return out;
  }

 private:
  static EVP_MD_CTX* context_of_thread() {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    return context.get();
  }
  EVP_MD_CTX* const context_;
};

constexpr std::size_t kSha256BlockBytes = 64;

/// OpenSSL's generator takes as long for 16 bytes as for some hundred. Every byte is given once.
class RandomStock {
 public:
  void take(std::span<Byte> out) {
    const std::lock_guard lock(mutex_);
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
  std::mutex mutex_;
  std::array<Byte, kBytes> bytes_{};
  std::size_t taken_ = kBytes;
};

}  // namespace

Sha1 sha1(ByteView data) {
  DigestStream<Sha1> stream;
  stream.add(data);
  return stream.finish();
}

Sha256 sha256(std::initializer_list<ByteView> parts) {
  DigestStream<Sha256> stream;
  for (ByteView part : parts) stream.add(part);
  return stream.finish();
}

Sha256 sha256_of_file(const std::filesystem::path& file) {
  constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  Bytes chunk(kChunkBytes);
  DigestStream<Sha256> stream;
  for (ssize_t got = 1; got != 0;) {
    got = in.is_open() ? ::read(in.get(), chunk.data(), chunk.size()) : -1;
    if (got < 0) throw std::system_error(errno, std::generic_category(), file.string());
    stream.add(ByteView(chunk).first(static_cast<std::size_t>(got)));
  }
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
  DigestStream<Sha256> stream;
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
