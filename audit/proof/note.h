// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proof/note_key.h"
#include "core/digest.h"

namespace sekisho::audit {

/// What the signatures of a note are over; nobody has checked them.
std::string_view signed_text(std::string_view note);

/// A C2SP signed-note v1.0.0 taken apart: nothing about it has been verified. A value.
struct Note {
  std::string text;  ///< with its last newline
  std::vector<NoteSignature> signatures;
  /// `nullopt` where any line is malformed, or for more than 100 signatures: that is no note.
  static std::optional<Note> parse(std::string_view note);
};

/// Signature lines alone, as a witness answers with; `nullopt` where any is malformed.
std::optional<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

/// A C2SP signed-note v1.0.0 verifier key, "<name>+<hash>+<base64>", Ed25519. A value.
class NoteVerifier {
 public:
  static std::optional<NoteVerifier> parse(std::string_view line);
  const std::string& name() const { return key_.name(); }
  std::string line() const { return key_.line(); }
  /// Whether this key signed the note (the signatures of other keys are ignored).
  bool has_signed(const Note& note) const { return own_note(note).has_value(); }
  /// The note as this key signed it, without the signatures of others; `nullopt` if it did not.
  std::optional<std::string> own_note(const Note& note) const;
  /// The text of a note that carries this key's good signature.
  std::optional<std::string> open(std::string_view note) const;

 private:
  friend class NoteSigner;
  explicit NoteVerifier(NoteKey key) : key_(std::move(key)) {}
  NoteKey key_;
};

/// The private half. Any thread may sign.
class NoteSigner {
 public:
  /// `seed` is 32 bytes (RFC 8032 private key). Throws std::invalid_argument for another size or a
  /// name that is no key name.
  NoteSigner(std::string name, core::ByteView seed);

  /// From "PRIVATE+KEY+<name>+<hash>+<base64>", as Go's sumdb/note writes it.
  static std::optional<NoteSigner> parse(std::string_view line);
  static std::string private_line(std::string_view name, core::ByteView seed);

  const NoteVerifier& verifier() const { return verifier_; }
  /// The note: text, blank line, signature line. `text` ends with a newline.
  std::string sign(std::string_view text) const;

 private:
  explicit NoteSigner(NotePrivateKey key);
  NotePrivateKey key_;
  NoteVerifier verifier_;
};

/// The size of a tree as checkpoints write it: decimal, no leading zero, no sign.
std::optional<std::uint64_t> parse_tree_size(std::string_view text);

/// C2SP tlog-checkpoint v1.0.0 without extension lines. A value.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string text() const;
  static std::optional<Checkpoint> parse(std::string_view text);
};

/// The checkpoint of a note that the log itself signed under its own name; whatever else stands on
/// the note proves nothing.
std::optional<Checkpoint> open_checkpoint(const Note& note, const NoteVerifier& log);

}  // namespace sekisho::audit
