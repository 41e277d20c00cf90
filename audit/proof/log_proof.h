// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "audit/proof/note.h"
#include "audit/proof/proof.h"
#include "core/bytes.h"

namespace sekisho::audit {

/// What proves to strangers, offline, that an entry is in the log: a C2SP tlog-proof (v1). A value.
struct LogProof {
  std::optional<std::string> extra;  ///< the bytes of the entry, where they go along
  std::uint64_t seq = 0;
  Proof path;  ///< RFC 6962 §2.1.1, from the leaf up
  std::string checkpoint;

  std::string text() const;
  /// Strict, and at most 64 hashes. `nullopt` for what is none.
  static std::optional<LogProof> parse(std::string_view text);
};

/// Why a proof proves nothing. The text is for whoever asked.
enum class ProofProblem {
  malformed,
  no_entry,
  not_signed_by_the_log,
  not_a_checkpoint,
  not_included
};
std::string_view explain(ProofProblem problem);

/// The tree that the proof shows the entry in. `entry` are the bytes of the entry; where it is
/// empty, those that came along. `log` pins key and origin: a checkpoint with good signatures of
/// witnesses alone, or of another origin, is refused.
std::variant<Checkpoint, ProofProblem> check_proof(std::string_view text, core::ByteView entry,
                                                   const NoteVerifier& log);

}  // namespace sekisho::audit
