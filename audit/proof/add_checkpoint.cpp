// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/proof/add_checkpoint.h"

#include "audit/proof/hash_lines.h"
#include "audit/proof/note.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kMaxProofLines = 63;  // a tree has fewer than 2^64 leaves
constexpr std::string_view kOld = "old ";

}  // namespace

std::string AddCheckpoint::text() const {
  std::string text = std::string(kOld) + std::to_string(old_size) + '\n';
  for (const core::Sha256& hash : proof) text += core::to_base64(hash) + '\n';
  return text + '\n' + note;
}

std::optional<AddCheckpoint> AddCheckpoint::parse(std::string_view text) {
  auto line = take_line(text);
  if (!line || !line->starts_with(kOld)) return std::nullopt;
  const auto old_size = parse_tree_size(line->substr(kOld.size()));
  if (!old_size) return std::nullopt;
  AddCheckpoint request{*old_size, {}, {}};
  for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
    const auto hash = parse_hash(*line);
    if (!hash || request.proof.size() == kMaxProofLines) return std::nullopt;
    request.proof.push_back(*hash);
  }
  if (!line) return std::nullopt;
  request.note = text;
  return request;
}

}  // namespace sekisho::audit
