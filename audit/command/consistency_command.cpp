// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/consistency_command.h"

#include <optional>
#include <ostream>
#include <string>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/published_tiles.h"
#include "audit/command/reading.h"
#include "audit/error.h"
#include "audit/proof/hash_lines.h"
#include "audit/proof/proof.h"
#include "audit/store/published_log.h"
#include "core/encoding.h"

namespace sekisho::audit {
namespace {

/// A checkpoint, and in front of it the hashes with which `prove --size` writes it.
struct Given {
  std::string file;
  std::optional<Proof> proof;
  std::string note;
};

Given read_given(const std::string& file) {
  const std::string text = read_whole_file(file);
  std::string_view rest = text;
  Proof proof;
  auto line = take_line(rest);
  for (; line && parse_hash(*line); line = take_line(rest)) proof.push_back(*parse_hash(*line));
  if (line && line->empty()) return {file, std::move(proof), std::string(rest)};
  return {file, std::nullopt, text};
}

/// Says why it is none.
std::optional<Checkpoint> open(const Given& given, const KeyChain& keys, std::ostream& out) {
  auto tree = keys.open(given.note);
  if (tree) return tree;
  const bool is_note = Checkpoint::parse(signed_text(given.note)).has_value();
  out << "NOT PROVEN: " << given.file
      << (is_note ? " is not signed by the log whose key you gave\n" : " is no checkpoint\n");
  return std::nullopt;
}

/// What leads from the one to the other, and where that came from.
struct Evidence {
  Proof proof;
  std::string source;
};

Evidence evidence_of(const Options& options, const Given& later, std::uint64_t old_size,
                     std::uint64_t size) {
  if (const auto tiles = options.find("--tiles")) {
    PublishedTiles published(*tiles);
    return {consistency_proof(old_size, size, published.roots()), "the tiles in " + *tiles};
  }
  if (options.has("--data")) {
    const Reading reading(options.get("--data"));
    auto proof = PublishedLog(reading.place().database).consistency(old_size, size);
    reading.finish();
    if (!proof) {
      throw AuditError(
          "the log in " + options.get("--data") +
          " has fewer entries than the later checkpoint: it was cut, or is an older copy");
    }
    return {*std::move(proof), "the log in " + options.get("--data")};
  }
  if (later.proof) return {*later.proof, "the hashes in " + later.file};
  if (old_size == size) return {{}, "the two checkpoints alone"};
  throw UsageError(later.file + " brings no hashes: give what `sekisho-audit prove --size " +
                   std::to_string(old_size) + "` wrote, or --tiles, or --data");
}

void print(const Checkpoint& tree, std::string_view name, std::ostream& out) {
  out << name << tree.size << " entries, root " << core::to_base64(tree.root) << '\n';
}

}  // namespace

ExitCode consistency(const Options& options, std::ostream& out, std::ostream&) {
  const Given first = read_given(options.operands().at(0));
  const Given second = read_given(options.operands().at(1));
  const KeyChain keys = keys_of(options);
  const auto earlier = open(first, keys, out);
  const auto later = open(second, keys, out);
  if (!earlier || !later) return ExitCode::failed;
  if (earlier->size > later->size) {
    out << "NOT CONTINUED: " << second.file << " has fewer entries than " << first.file
        << ". If it is the newer one, the log was cut: keep both.\n";
    return ExitCode::failed;
  }
  const Evidence evidence = evidence_of(options, second, earlier->size, later->size);
  const bool is_led =
      is_continued({earlier->size, earlier->root}, {later->size, later->root}, evidence.proof);
  if (is_led) {
    out << "continued\n";
  } else if (earlier->size == later->size) {
    out << "NOT CONTINUED: the log has signed two histories of one size. Keep both checkpoints: "
           "they are the proof.\n";
  } else {
    out << "NOT PROVEN: nothing leads from " << first.file << " to " << second.file << " by "
        << evidence.source
        << ". Both are signed: keep them and ask for another proof. Where there is none, the log "
           "was rewritten.\n";
  }
  out << "origin    " << later->origin << '\n';
  print(*earlier, "earlier   ", out);
  print(*later, "later     ", out);
  if (!is_led) return ExitCode::failed;
  out << "by        " << evidence.source << '\n'
      << "Every entry that the earlier checkpoint covers stands unchanged, in its place, in the "
         "log "
         "of the later one.\n";
  return ExitCode::good;
}

}  // namespace sekisho::audit
