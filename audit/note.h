// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"

namespace sekisho::audit {

/// A C2SP signed-note v1.0.0 verifier key, "<name>+<hash>+<base64>", Ed25519.
class NoteVerifier {
 public:
  static std::optional<NoteVerifier> parse(std::string_view line);
  const std::string& name() const { return name_; }
  std::string line() const;
  /// The text of a note that carries this key's good signature (others are ignored).
  std::optional<std::string> open(std::string_view note) const;

 private:
  friend class NoteSigner;
  NoteVerifier() = default;
  std::string name_;
  std::uint32_t key_hash_ = 0;
  std::array<core::Byte, 32> public_key_{};
};

/// The private half. Any thread may sign.
class NoteSigner {
 public:
  /// `seed` is 32 bytes (RFC 8032 private key).
  NoteSigner(std::string name, core::ByteView seed);
  ~NoteSigner();
  NoteSigner(NoteSigner&&) noexcept;
  NoteSigner& operator=(NoteSigner&&) noexcept;
  const NoteVerifier& verifier() const { return verifier_; }
  /// The note: text, blank line, signature line. `text` ends with a newline.
  std::string sign(std::string_view text) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  NoteVerifier verifier_;
};

/// C2SP tlog-checkpoint v1.0.0 without extension lines.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string text() const;
  static std::optional<Checkpoint> parse(std::string_view text);
};

}  // namespace sekisho::audit
