// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace sekisho::audit {

/// Whether `name` can name a key: not empty, UTF-8 without spaces, control characters and "+".
bool is_key_name(std::string_view name);

/// What a key's signatures mean: the byte before the key in its line and in its hash (C2SP
/// signed-note v1.0.0, "Signature types").
enum class KeyKind : core::Byte {
  note = 0x01,         ///< the text of the note, by whoever wrote it
  cosignature = 0x04,  ///< a checkpoint and the time at which a witness had seen it
};

/// One signature line of a note: "— <name> <base64>". Nothing about it has been verified.
struct NoteSignature {
  std::string name;
  core::Bytes bytes;  ///< 4 bytes of key hash, then the signature itself
  /// With its newline.
  std::string line() const;
};

/// A name with an Ed25519 public key: "<name>+<hash>+<base64>". A value.
class NoteKey {
 public:
  using PublicKey = std::array<core::Byte, 32>;
  NoteKey(KeyKind kind, std::string name, const PublicKey& public_key);
  static std::optional<NoteKey> parse(KeyKind kind, std::string_view line);

  const std::string& name() const { return name_; }
  std::string line() const;
  /// By name and hash alone: whether it is good is another question.
  bool claims(const NoteSignature& signature) const;
  bool verifies(std::string_view message, core::ByteView signature) const;
  /// The line, with its newline, of a signature by this key.
  std::string signature_line(core::ByteView signature) const;

 private:
  friend class NotePrivateKey;
  KeyKind kind_;
  std::string name_;
  PublicKey public_key_{};
  std::array<core::Byte, 4> hash_{};
};

/// The private half. Any thread may sign.
class NotePrivateKey {
 public:
  /// `seed` is 32 bytes (RFC 8032 private key). Throws std::invalid_argument for another size or a
  /// name that is no key name.
  NotePrivateKey(KeyKind kind, std::string name, core::ByteView seed);
  ~NotePrivateKey();
  NotePrivateKey(NotePrivateKey&&) noexcept;
  NotePrivateKey& operator=(NotePrivateKey&&) noexcept;

  /// From "PRIVATE+KEY+<name>+<hash>+<base64>", as Go's sumdb/note writes it.
  static std::optional<NotePrivateKey> parse(KeyKind kind, std::string_view line);
  static std::string line(KeyKind kind, std::string_view name, core::ByteView seed);

  const NoteKey& public_half() const { return public_half_; }
  /// 64 bytes.
  core::Bytes sign(std::string_view message) const;

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
  NoteKey public_half_;
};

}  // namespace sekisho::audit
