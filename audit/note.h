// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/digest.h"

namespace sekisho::audit {

/// What the signatures of a note are over; nobody has checked them.
std::string_view signed_text(std::string_view note);

/// Whether `name` can name a key: not empty, UTF-8 without spaces, control characters and "+".
bool is_key_name(std::string_view name);

/// A C2SP signed-note v1.0.0 verifier key, "<name>+<hash>+<base64>", Ed25519. A value.
class NoteVerifier {
 public:
  static std::optional<NoteVerifier> parse(std::string_view line);
  const std::string& name() const { return name_; }
  std::string line() const;
  /// The text of a note that carries this key's good signature (those of other keys are ignored).
  std::optional<std::string> open(std::string_view note) const;

 private:
  friend class NoteSigner;
  using PublicKey = std::array<core::Byte, 32>;
  NoteVerifier(std::string name, const PublicKey& public_key);
  std::string name_;
  PublicKey public_key_{};
  std::array<core::Byte, 4> key_hash_{};
};

/// The private half. Any thread may sign.
class NoteSigner {
 public:
  /// `seed` is 32 bytes (RFC 8032 private key). Throws std::invalid_argument for another size or a
  /// name that is no key name.
  NoteSigner(std::string name, core::ByteView seed);
  ~NoteSigner();
  NoteSigner(NoteSigner&&) noexcept;
  NoteSigner& operator=(NoteSigner&&) noexcept;

  /// From "PRIVATE+KEY+<name>+<hash>+<base64>", as Go's sumdb/note writes it.
  static std::optional<NoteSigner> parse(std::string_view line);
  static std::string private_line(std::string_view name, core::ByteView seed);

  const NoteVerifier& verifier() const { return verifier_; }
  /// The note: text, blank line, signature line. `text` ends with a newline.
  std::string sign(std::string_view text) const;

 private:
  struct Key;
  std::unique_ptr<Key> key_;
  NoteVerifier verifier_;
};

/// C2SP tlog-checkpoint v1.0.0 without extension lines. A value.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string text() const;
  static std::optional<Checkpoint> parse(std::string_view text);
};

}  // namespace sekisho::audit
