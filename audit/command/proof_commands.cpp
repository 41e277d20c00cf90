// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/proof_commands.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "audit/command/command_options.h"
#include "audit/command/log_keys.h"
#include "audit/command/progress.h"
#include "audit/command/reading.h"
#include "audit/error.h"
#include "audit/proof/log_proof.h"
#include "audit/receipt_id.h"
#include "audit/store/published_log.h"
#include "core/create.h"
#include "core/encoding.h"
#include "core/replace_file.h"

namespace sekisho::audit {
namespace {

constexpr mode_t kDirectoryMode = 0777;  // less the umask

/// Of a receipt that somebody kept, or a place alone. A receipt of another log would be answered
/// with the wrong entry.
std::uint64_t wanted_entry(PublishedLog& log, const Options& options) {
  const auto id = ReceiptId::parse(options.get("--entry"));
  if (!id) return options.get_number("--entry");
  const auto head = Checkpoint::parse(signed_text(log.checkpoint()));
  if (!head || head->origin != id->log) throw AuditError(id->text() + " is not of this log");
  return id->number;
}

LogProof proof_of(PublishedLog& log, std::uint64_t seq) {
  auto proof = log.proof(seq);
  if (!proof) throw AuditError("the log has no entry " + std::to_string(seq));
  return *std::move(proof);
}

std::string receipt_of(PublishedLog& log, std::uint64_t seq) {
  LogProof proof = proof_of(log, seq);
  proof.extra = log.entry(seq);
  return proof.text();
}

void print_continuation(PublishedLog& log, std::uint64_t old_size, std::ostream& out) {
  const auto continuation = log.continuation(old_size);
  if (!continuation) throw AuditError("the log has fewer entries than that");
  for (const core::Sha256& hash : continuation->proof) out << core::to_base64(hash) << '\n';
  out << '\n' << continuation->checkpoint;
}

/// The key that the checkpoint of a receipt should be signed by.
NoteVerifier signer_for(const std::string& receipt, const KeyChain& keys) {
  const auto proof = LogProof::parse(receipt);
  const auto claimed = proof ? Checkpoint::parse(signed_text(proof->checkpoint)) : std::nullopt;
  return claimed ? keys.signer_of(claimed->size) : keys.current();
}

ExitCode check_receipt(const Options& options, std::ostream& out) {
  const KeyChain keys = keys_of(options);
  const auto entry_file = options.find("--entry-file");
  const std::string entry = entry_file ? read_whole_file(*entry_file) : std::string();
  const std::string text = read_whole_file(options.get("--check"));
  const auto checked = check_proof(text, core::as_bytes(entry), signer_for(text, keys));
  if (const auto* problem = std::get_if<ProofProblem>(&checked)) {
    out << "NOT PROVEN: " << explain(*problem) << '\n';
    return ExitCode::failed;
  }
  const auto& tree = std::get<Checkpoint>(checked);
  const LogProof proof = *LogProof::parse(text);
  out << "proven\n"
      << "origin    " << tree.origin << '\n'
      << "entry     " << proof.seq << '\n'
      << "of        " << tree.size << '\n'
      << (entry.empty() ? proof.extra.value_or("") : entry) << '\n';
  return ExitCode::good;
}

/// Brings the files of one level, or the entries, up to the size of the log. A file that is there
/// is what it will always be.
class Publication {
 public:
  Publication(PublishedLog& log, std::filesystem::path to, Progress& progress)
      : log_(log), to_(std::move(to)), progress_(progress) {}

  void write_all(LogFile::Kind kind, unsigned level, std::uint64_t size) {
    const std::uint64_t count = (size >> (kTileHeight * level)) / kTileWidth + 1;
    for (std::uint64_t place = 0; tile_width({level, place}, size) > 0; ++place) {
      progress_.at(kind == LogFile::Kind::entries ? "entries" : "tiles", place, count);
      write({kind, {level, place}, tile_width({level, place}, size)});
    }
  }
  std::uint64_t written() const { return written_; }

 private:
  void write(const LogFile& file) {
    const std::filesystem::path path = to_ / file.path();
    if (std::filesystem::exists(path)) return;
    const auto bytes = log_.file(file);
    if (!bytes) {
      if (file.kind == LogFile::Kind::entries) return;  // pruned
      throw AuditError("the log lacks a tile: run sekisho-audit verify");
    }
    core::create_directories(path.parent_path(), kDirectoryMode);
    core::replace_file(path, core::as_text(*bytes));
    ++written_;
  }

  PublishedLog& log_;
  const std::filesystem::path to_;
  Progress& progress_;
  std::uint64_t written_ = 0;
};

/// Nobody has checked its signature: it is our own.
std::uint64_t size_of(const std::string& checkpoint) {
  const auto parsed = Checkpoint::parse(signed_text(checkpoint));
  if (!parsed) throw AuditError("the head of audit.db is no checkpoint");
  return parsed->size;
}

}  // namespace

ExitCode checkpoint(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  const std::string head = PublishedLog(reading.place().database).checkpoint();
  reading.finish();
  out << head;
  return ExitCode::good;
}

ExitCode prove(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  PublishedLog log(reading.place().database);
  if (options.has("--size")) {
    print_continuation(log, options.get_number("--size"), out);
  } else {
    out << proof_of(log, wanted_entry(log, options)).text();
  }
  reading.finish();
  return ExitCode::good;
}

ExitCode receipt(const Options& options, std::ostream& out, std::ostream&) {
  if (options.has("--check")) return check_receipt(options, out);
  const Reading reading(options.get("--data"));
  PublishedLog log(reading.place().database);
  out << receipt_of(log, wanted_entry(log, options));
  reading.finish();
  return ExitCode::good;
}

ExitCode rotations(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  PublishedLog log(reading.place().database);
  for (const std::uint64_t seq : log.rotations()) out << receipt_of(log, seq);
  reading.finish();
  return ExitCode::good;
}

ExitCode publish(const Options& options, std::ostream& out, std::ostream&) {
  const Reading reading(options.get("--data"));
  PublishedLog log(reading.place().database);
  const std::filesystem::path to = options.get("--to");
  const std::string checkpoint = log.checkpoint();
  const std::uint64_t size = size_of(checkpoint);
  const std::uint64_t written = [&] {
    Progress progress;
    Publication publication(log, to, progress);
    for (unsigned level = 0; tile_width({level, 0}, size) > 0; ++level) {
      publication.write_all(LogFile::Kind::hashes, level, size);
    }
    if (options.has("--entries")) publication.write_all(LogFile::Kind::entries, 0, size);
    return publication.written();
  }();
  reading.finish();
  core::create_directories(to, kDirectoryMode);
  core::replace_file(to / LogFile{}.path(), checkpoint);
  out << written << " files and the checkpoint of " << size << " entries\n";
  return ExitCode::good;
}

}  // namespace sekisho::audit
