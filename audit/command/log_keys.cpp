// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/log_keys.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/command/command_options.h"
#include "audit/command/reading.h"
#include "audit/error.h"
#include "audit/proof/log_proof.h"
#include "audit/store/published_log.h"

namespace sekisho::audit {
namespace {

std::vector<std::string> split_receipts(const std::string& text) {
  constexpr std::string_view kNext = "\nc2sp.org/tlog-proof@v1\n";
  std::vector<std::string> receipts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(kNext, at), text.size() - 1) + 1;
    receipts.push_back(text.substr(at, next - at));
    at = next;
  }
  return receipts;
}

std::optional<Entry> entry_in(const std::string& receipt) {
  const auto proof = LogProof::parse(receipt);
  return proof && proof->extra ? parse_leaf(core::as_bytes(*proof->extra)) : std::nullopt;
}

/// Receipts of a log's rotations, one behind the other, as `sekisho-audit rotations` writes them.
/// Both keys signed what each entry says: under which head it comes does not matter.
KeyChain read_rotations(const std::filesystem::path& file, const NoteVerifier& pinned) {
  std::vector<Entry> rotations;
  for (const std::string& receipt : split_receipts(read_whole_file(file))) {
    // What is no receipt of an entry is an entry that is no rotation.
    rotations.push_back(entry_in(receipt).value_or(Entry{}));
  }
  if (rotations.empty()) throw AuditError("the rotations do not lead to your key");
  auto keys = KeyChain::of(rotations);
  if (!keys) throw AuditError("the rotations are not a log's, one behind the other");
  if (!keys->has(pinned)) throw AuditError("the rotations do not lead to your key");
  return *std::move(keys);
}

}  // namespace

NoteVerifier given_key(const Options& options) {
  const auto beside = options.has("--data") ? place_of(options).verifier_key : "";
  auto key = NoteVerifier::parse(key_line(options, beside));
  if (!key) throw AuditError("the key is not the verifier key of a log");
  return *std::move(key);
}

KeyChain keys_of(const Options& options) {
  const NoteVerifier known = given_key(options);
  if (const auto file = options.find("--rotations")) return read_rotations(*file, known);
  const auto data = options.find("--data");
  if (!data) return KeyChain(known);
  const Reading reading(*data);
  KeyChain keys = PublishedLog(reading.place().database).keys(known);
  reading.finish();
  return keys;
}

}  // namespace sekisho::audit
