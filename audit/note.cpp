// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/note.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "audit/utf8.h"
#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::audit {
namespace {

// C2SP signed-note v1.0.0.
constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::string_view kBlankLine = "\n\n";
constexpr core::Byte kEd25519 = 0x01;
constexpr std::size_t kKeyHashBytes = 4;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMaxSignatures = 100;
constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;

std::array<core::Byte, kKeyHashBytes> hash_key(std::string_view name, core::ByteView public_key) {
  const core::Byte separator[] = {'\n', kEd25519};
  const core::Sha256 full = core::sha256({core::as_bytes(name), separator, public_key});
  std::array<core::Byte, kKeyHashBytes> hash{};
  std::copy_n(full.begin(), hash.size(), hash.begin());
  return hash;
}

/// "<name>+<hash>+<base64 of 0x01 and 32 bytes>", the shape of verifier and private keys alike.
std::string key_line(std::string_view name, core::ByteView key_hash, core::ByteView key) {
  core::Bytes data{kEd25519};
  data.insert(data.end(), key.begin(), key.end());
  return std::string(name) + '+' + core::to_hex(key_hash) + '+' + core::to_base64(data);
}

struct KeyLine {
  std::string name;
  core::Bytes key_hash;
  core::Bytes key;
};

std::optional<KeyLine> parse_key_line(std::string_view line) {
  const auto first = line.find('+');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = line.find('+', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto key_hash = core::from_hex(line.substr(first + 1, second - first - 1));
  auto key = core::from_base64(line.substr(second + 1));
  if (!key_hash || key_hash->size() != kKeyHashBytes) return std::nullopt;
  if (!key || key->size() != 33 || key->front() != kEd25519) return std::nullopt;
  key->erase(key->begin());
  std::string name(line.substr(0, first));
  if (!is_key_name(name)) return std::nullopt;
  return KeyLine{std::move(name), *key_hash, *std::move(key)};
}

bool verifies(core::ByteView public_key, std::string_view text, core::ByteView signature) {
  const KeyHandle key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, public_key.data(), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  const core::ByteView message = core::as_bytes(text);
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

struct Signature {
  std::string_view name;
  core::Bytes bytes;  ///< key hash, then the signature itself
};

std::optional<Signature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) return std::nullopt;
  line.remove_prefix(kSignaturePrefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  auto bytes = core::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyHashBytes) return std::nullopt;
  return Signature{line.substr(0, space), *std::move(bytes)};
}

/// `nullopt` where any line is malformed: such a note is no note.
std::optional<std::vector<Signature>> parse_signatures(std::string_view lines) {
  std::vector<Signature> signatures;
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    if (end == std::string_view::npos || signatures.size() == kMaxSignatures) return std::nullopt;
    auto signature = parse_signature(lines.substr(0, end));
    if (!signature) return std::nullopt;
    signatures.push_back(*std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

bool is_note_text(std::string_view text) {
  return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\n';
         });
}

}  // namespace

std::string_view signed_text(std::string_view note) {
  return note.substr(0, std::min(note.rfind(kBlankLine), note.size() - 1) + 1);
}

bool is_key_name(std::string_view name) {
  // Unicode's spaces beyond ASCII, which Go's unicode.IsSpace knows.
  static constexpr std::string_view kSpaces[] = {
      "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
      "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
  };
  if (name.empty() || !is_utf8(name)) return false;
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

NoteVerifier::NoteVerifier(std::string name, const PublicKey& public_key)
    : name_(std::move(name)), public_key_(public_key), key_hash_(hash_key(name_, public_key)) {}

std::optional<NoteVerifier> NoteVerifier::parse(std::string_view line) {
  auto parsed = parse_key_line(line);
  if (!parsed) return std::nullopt;
  PublicKey public_key{};
  std::copy(parsed->key.begin(), parsed->key.end(), public_key.begin());
  NoteVerifier verifier(std::move(parsed->name), public_key);
  if (!std::equal(parsed->key_hash.begin(), parsed->key_hash.end(), verifier.key_hash_.begin())) {
    return std::nullopt;
  }
  return verifier;
}

std::string NoteVerifier::line() const { return key_line(name_, key_hash_, public_key_); }

std::optional<std::string> NoteVerifier::open(std::string_view note) const {
  if (!is_note_text(note)) return std::nullopt;
  const auto blank = note.rfind(kBlankLine);
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view text = note.substr(0, blank + 1);
  const auto signatures = parse_signatures(note.substr(blank + kBlankLine.size()));
  if (!signatures) return std::nullopt;
  for (const Signature& signature : *signatures) {
    const core::ByteView bytes(signature.bytes);
    if (signature.name != name_ ||
        !std::equal(key_hash_.begin(), key_hash_.end(), signature.bytes.begin())) {
      continue;
    }
    // The first line of a known key decides: a bad one makes the whole note bad.
    if (bytes.size() != kKeyHashBytes + kSignatureBytes ||
        !verifies(public_key_, text, bytes.subspan(kKeyHashBytes))) {
      return std::nullopt;
    }
    return std::string(text);
  }
  return std::nullopt;
}

struct NoteSigner::Key {
  KeyHandle handle;
};

NoteSigner::NoteSigner(std::string name, core::ByteView seed)
    : key_(std::make_unique<Key>()), verifier_(std::move(name), {}) {
  if (!is_key_name(verifier_.name())) throw std::invalid_argument("not a name of a key");
  key_->handle.reset(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  NoteVerifier::PublicKey public_key{};
  std::size_t size = public_key.size();
  if (!key_->handle ||
      EVP_PKEY_get_raw_public_key(key_->handle.get(), public_key.data(), &size) != 1) {
    throw std::invalid_argument("not an Ed25519 private key");
  }
  verifier_ = NoteVerifier(verifier_.name(), public_key);
}

NoteSigner::~NoteSigner() = default;
NoteSigner::NoteSigner(NoteSigner&&) noexcept = default;
NoteSigner& NoteSigner::operator=(NoteSigner&&) noexcept = default;

std::optional<NoteSigner> NoteSigner::parse(std::string_view line) {
  if (!line.starts_with(kPrivatePrefix)) return std::nullopt;
  auto parsed = parse_key_line(line.substr(kPrivatePrefix.size()));
  if (!parsed) return std::nullopt;
  const core::Secret seed(std::move(parsed->key));
  NoteSigner signer(std::move(parsed->name), seed.view());
  const auto& key_hash = signer.verifier_.key_hash_;
  if (!std::equal(key_hash.begin(), key_hash.end(), parsed->key_hash.begin())) return std::nullopt;
  return signer;
}

std::string NoteSigner::private_line(std::string_view name, core::ByteView seed) {
  const NoteSigner signer(std::string(name), seed);
  return std::string(kPrivatePrefix) + key_line(name, signer.verifier_.key_hash_, seed);
}

std::string NoteSigner::sign(std::string_view text) const {
  std::array<core::Byte, kKeyHashBytes + kSignatureBytes> signature{};
  std::copy(verifier_.key_hash_.begin(), verifier_.key_hash_.end(), signature.begin());
  const Context context(EVP_MD_CTX_new());
  const core::ByteView message = core::as_bytes(text);
  std::size_t size = kSignatureBytes;
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->handle.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data() + kKeyHashBytes, &size, message.data(),
                     message.size()) != 1) {
    throw std::runtime_error("OpenSSL could not sign");
  }
  std::string note(text);
  note += '\n';
  note += kSignaturePrefix;
  note += verifier_.name() + ' ' + core::to_base64(signature) + '\n';
  return note;
}

std::string Checkpoint::text() const {
  return origin + '\n' + std::to_string(size) + '\n' + core::to_base64(root) + '\n';
}

std::optional<Checkpoint> Checkpoint::parse(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (std::string_view& line : lines) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const char* const end = lines[1].data() + lines[1].size();
  const auto number = std::from_chars(lines[1].data(), end, checkpoint.size);
  const auto root = core::from_base64(lines[2]);
  if (!text.empty() || checkpoint.origin.empty() || number.ec != std::errc{} || number.ptr != end ||
      std::to_string(checkpoint.size) != lines[1] || !root ||
      root->size() != checkpoint.root.size()) {
    return std::nullopt;
  }
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  return checkpoint;
}

}  // namespace sekisho::audit
