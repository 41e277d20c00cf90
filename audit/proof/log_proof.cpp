// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/log_proof.h"

#include <array>

#include "audit/proof/hash_lines.h"
#include "audit/proof/merkle.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMostHashes = 64;

std::optional<std::uint64_t> parse_index(std::string_view line) {
  if (!line.starts_with(kIndex)) return std::nullopt;
  return parse_tree_size(line.substr(kIndex.size()));
}

}  // namespace

std::string LogProof::text() const {
  std::string out(kFirstLine);
  out += '\n';
  if (extra) out.append(kExtra).append(core::to_base64(core::as_bytes(*extra))) += '\n';
  out.append(kIndex).append(std::to_string(seq)) += '\n';
  for (const core::Sha256& hash : path) out += core::to_base64(hash) + '\n';
  return out + '\n' + checkpoint;
}

std::optional<LogProof> LogProof::parse(std::string_view text) {
  if (take_line(text) != kFirstLine) return std::nullopt;
  LogProof proof;
  auto line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    const auto extra = core::from_base64(line->substr(kExtra.size()));
    if (!extra) return std::nullopt;
    proof.extra = std::string(core::as_text(*extra));
    line = take_line(text);
  }
  const auto index = line ? parse_index(*line) : std::nullopt;
  if (!index) return std::nullopt;
  proof.seq = *index;
  for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
    const auto hash = parse_hash(*line);
    if (!hash || proof.path.size() == kMostHashes) return std::nullopt;
    proof.path.push_back(*hash);
  }
  if (!line) return std::nullopt;
  proof.checkpoint = text;
  return proof;
}

std::string_view explain(ProofProblem problem) {
  constexpr std::array<std::string_view, 5> kTexts = {
      "this is no tlog-proof",
      "the entry itself is missing: it is neither in the proof nor beside it",
      "the checkpoint is not signed by the log whose key you gave",
      "what the log signed is no checkpoint of its origin",
      "the proof does not lead from the entry to the root that was signed",
  };
  return kTexts[static_cast<std::size_t>(problem)];
}

std::variant<Checkpoint, ProofProblem> check_proof(std::string_view text, core::ByteView entry,
                                                   const NoteVerifier& log) {
  const auto proof = LogProof::parse(text);
  if (!proof) return ProofProblem::malformed;
  if (entry.empty() && proof->extra) entry = core::as_bytes(*proof->extra);
  if (entry.empty()) return ProofProblem::no_entry;
  const auto signed_text = log.open(proof->checkpoint);
  if (!signed_text) return ProofProblem::not_signed_by_the_log;
  auto checkpoint = Checkpoint::parse(*signed_text);
  if (!checkpoint || checkpoint->origin != log.name()) return ProofProblem::not_a_checkpoint;
  if (!is_included(leaf_hash(entry), proof->seq, checkpoint->size, checkpoint->root, proof->path)) {
    return ProofProblem::not_included;
  }
  return *std::move(checkpoint);
}

}  // namespace sekisho::audit
