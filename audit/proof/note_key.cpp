// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/note_key.h"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

#include "core/digest.h"
#include "core/encoding.h"
#include "core/secret.h"
#include "core/utf8.h"

namespace sekisho::audit {
namespace {

// C2SP signed-note v1.0.0.
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;

std::array<core::Byte, kKeyHashBytes> hash_key(KeyKind kind, std::string_view name,
                                               core::ByteView public_key) {
  const core::Byte separator[] = {'\n', static_cast<core::Byte>(kind)};
  const core::Sha256 full = core::sha256({core::as_bytes(name), separator, public_key});
  std::array<core::Byte, kKeyHashBytes> hash{};
  std::copy_n(full.begin(), hash.size(), hash.begin());
  return hash;
}

/// "<name>+<hash>+<base64 of the kind and 32 bytes>", the shape of public and private keys alike.
std::string key_line(KeyKind kind, std::string_view name, core::ByteView key_hash,
                     core::ByteView key) {
  core::Bytes data{static_cast<core::Byte>(kind)};
  data.insert(data.end(), key.begin(), key.end());
  return std::string(name) + '+' + core::to_hex(key_hash) + '+' + core::to_base64(data);
}

struct KeyLine {
  std::string name;
  core::Bytes key_hash;
  core::Bytes key;
};

std::optional<KeyLine> parse_key_line(KeyKind kind, std::string_view line) {
  const auto first = line.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = line.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto key_hash = core::from_hex(line.substr(first + 1, second - first - 1));
  auto key = core::from_base64(line.substr(second + 1));
  if (!key_hash || key_hash->size() != kKeyHashBytes) return std::nullopt;
  if (!key || key->size() != 1 + kKeyBytes || key->front() != static_cast<core::Byte>(kind)) {
    return std::nullopt;
  }
  key->erase(key->begin());
  std::string name(line.substr(0, first));
  if (!is_key_name(name)) return std::nullopt;
  return KeyLine{std::move(name), *key_hash, *std::move(key)};
}

}  // namespace

bool is_key_name(std::string_view name) {
  // Unicode's spaces beyond ASCII, which Go's unicode.IsSpace knows.
  static constexpr std::string_view kSpaces[] = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
  };
  if (name.empty() || !core::is_utf8(name)) return false;
  for (char c : name) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '+' || c == 0x7F) return false;
  }
  for (std::string_view space : kSpaces) {
    if (name.find(space) != std::string_view::npos) return false;
  }
  for (char last = '\x80'; last <= '\x8A'; ++last) {  // U+2000 to U+200A
    if (name.find(std::string("\xE2\x80") + last) != std::string_view::npos) return false;
  }
  return true;
}

std::string NoteSignature::line() const {
  return std::string(kSignaturePrefix) + name + ' ' + core::to_base64(bytes) + '\n';
}

NoteKey::NoteKey(KeyKind kind, std::string name, const PublicKey& public_key)
    : kind_(kind),
      name_(std::move(name)),
      public_key_(public_key),
      hash_(hash_key(kind, name_, public_key)) {}

std::optional<NoteKey> NoteKey::parse(KeyKind kind, std::string_view line) {
  auto parsed = parse_key_line(kind, line);
  if (!parsed) return std::nullopt;
  PublicKey public_key{};
  std::copy(parsed->key.begin(), parsed->key.end(), public_key.begin());
  NoteKey key(kind, std::move(parsed->name), public_key);
  if (!std::ranges::equal(parsed->key_hash, key.hash_)) return std::nullopt;
  return key;
}

std::string NoteKey::line() const { return key_line(kind_, name_, hash_, public_key_); }

bool NoteKey::claims(const NoteSignature& signature) const {
  return signature.name == name_ && signature.bytes.size() > hash_.size() &&
         std::equal(hash_.begin(), hash_.end(), signature.bytes.begin());
}

bool NoteKey::verifies(std::string_view message, core::ByteView signature) const {
  if (signature.size() != kSignatureBytes) return false;
  const KeyHandle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key_.data(),
                                                  public_key_.size()));
  const Context context(EVP_MD_CTX_new());
  const core::ByteView bytes = core::as_bytes(message);
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                          bytes.size()) == 1;
}

std::string NoteKey::signature_line(core::ByteView signature) const {
  core::Bytes bytes(hash_.begin(), hash_.end());
  bytes.insert(bytes.end(), signature.begin(), signature.end());
  return NoteSignature{name_, std::move(bytes)}.line();
}

struct NotePrivateKey::Handle {
  KeyHandle key;
};

NotePrivateKey::NotePrivateKey(KeyKind kind, std::string name, core::ByteView seed)
    : handle_(std::make_unique<Handle>()), public_half_(kind, std::move(name), {}) {
  if (!is_key_name(public_half_.name())) throw std::invalid_argument("not a name of a key");
  handle_->key.reset(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  NoteKey::PublicKey public_key{};
  std::size_t size = public_key.size();
  if (!handle_->key ||
      EVP_PKEY_get_raw_public_key(handle_->key.get(), public_key.data(), &size) != 1) {
    throw std::invalid_argument("not an Ed25519 private key");
  }
  public_half_ = NoteKey(kind, public_half_.name(), public_key);
}

NotePrivateKey::~NotePrivateKey() = default;
NotePrivateKey::NotePrivateKey(NotePrivateKey&&) noexcept = default;
NotePrivateKey& NotePrivateKey::operator=(NotePrivateKey&&) noexcept = default;

std::optional<NotePrivateKey> NotePrivateKey::parse(KeyKind kind, std::string_view line) {
  if (!line.starts_with(kPrivatePrefix)) return std::nullopt;
  auto parsed = parse_key_line(kind, line.substr(kPrivatePrefix.size()));
  if (!parsed) return std::nullopt;
  const core::Secret seed(std::move(parsed->key));
  NotePrivateKey key(kind, std::move(parsed->name), seed.view());
  if (!std::ranges::equal(parsed->key_hash, key.public_half_.hash_)) return std::nullopt;
  return key;
}

std::string NotePrivateKey::line(KeyKind kind, std::string_view name, core::ByteView seed) {
  const NotePrivateKey key(kind, std::string(name), seed);
  return std::string(kPrivatePrefix) + key_line(kind, name, key.public_half_.hash_, seed);
}

core::Bytes NotePrivateKey::sign(std::string_view message) const {
  core::Bytes signature(kSignatureBytes);
  const Context context(EVP_MD_CTX_new());
  const core::ByteView bytes = core::as_bytes(message);
  std::size_t size = signature.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("OpenSSL could not sign");
  }
  return signature;
}

}  // namespace sekisho::audit
