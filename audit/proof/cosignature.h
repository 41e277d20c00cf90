// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/proof/note.h"

namespace sekisho::audit {

/// A witness by its name and public key (C2SP tlog-cosignature v1.0.1, Ed25519): a verifier key
/// line of kind 0x04. A value.
class CosignatureVerifier {
 public:
  static std::optional<CosignatureVerifier> parse(std::string_view line);
  const std::string& name() const { return key_.name(); }
  std::string line() const { return key_.line(); }

  struct Cosignature {
    std::chrono::sys_seconds time;  ///< when the witness says to have seen the text as the newest
    std::string line;               ///< with its newline
  };
  /// `nullopt` unless one of the signatures is this witness's own and good.
  std::optional<Cosignature> find(const Note& note) const;
  std::optional<std::chrono::sys_seconds> time_of(const Note& note) const;

 private:
  friend class Cosigner;
  explicit CosignatureVerifier(NoteKey key) : key_(std::move(key)) {}
  NoteKey key_;
};

/// The private half. Any thread may sign.
class Cosigner {
 public:
  /// As NoteSigner's.
  Cosigner(std::string name, core::ByteView seed);
  static std::optional<Cosigner> parse(std::string_view line);
  static std::string private_line(std::string_view name, core::ByteView seed);

  const CosignatureVerifier& verifier() const { return verifier_; }
  /// The signature line, with its newline, for a checkpoint's text. Throws std::invalid_argument
  /// for a time before 1970.
  std::string cosign(std::string_view checkpoint, std::chrono::sys_seconds time) const;

 private:
  explicit Cosigner(NotePrivateKey key);
  NotePrivateKey key_;
  CosignatureVerifier verifier_;
};

/// A checkpoint that its own log has signed, and when which of the known witnesses cosigned it.
struct WitnessedCheckpoint {
  Checkpoint checkpoint;
  std::string note;
  struct Witnessing {
    std::string witness;
    std::chrono::sys_seconds time;
  };
  std::vector<Witnessing> witnessings;  ///< in the order of the known witnesses

  /// Since when so many witnesses (one or more) vouch that this was the newest: the oldest of their
  /// newest times. `nullopt` if they are fewer.
  std::optional<std::chrono::sys_seconds> witnessed_by(std::size_t quorum) const;
};

/// Demands the log's own signature and name, whoever else has signed; counts good cosignatures of
/// `witnesses` alone.
std::optional<WitnessedCheckpoint> open_witnessed(std::string_view note, const NoteVerifier& log,
                                                  std::span<const CosignatureVerifier> witnesses);

}  // namespace sekisho::audit
