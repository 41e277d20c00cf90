// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/entry/index_key.h"
#include "audit/keys/key_rotation.h"
#include "audit/proof/cosignature.h"
#include "audit/proof/hash_tiles.h"
#include "audit/proof/log_proof.h"
#include "audit/proof/proof.h"
#include "audit/store/stored_log.h"
#include "audit/store/tree_hashes.h"
#include "core/bytes.h"
#include "core/mutex.h"

namespace sekisho::audit {

/// A file of C2SP tlog-tiles v0.1.0 by its path below the log's prefix.
struct LogFile {
  enum class Kind { checkpoint, hashes, entries };
  Kind kind = Kind::checkpoint;
  TileId tile;  ///< level 0 for entries
  std::uint64_t width = kTileWidth;

  /// "checkpoint", "tile/<L>/<N>[.p/<W>]", "tile/entries/<N>[.p/<W>]", in their one spelling.
  static std::optional<LogFile> parse(std::string_view path);
  std::string path() const;
};

/// The log as strangers may hold it: checkpoints, tiles, proofs. Reads the log beside its writer.
/// Any thread; throws core::DatabaseError, or AuditError where the database is not what was signed.
class PublishedLog {
 public:
  explicit PublishedLog(const std::filesystem::path& database);

  std::string checkpoint();
  /// `nullopt` where the log has no such file.
  std::optional<core::Bytes> file(const LogFile& file);
  /// The bytes of an entry; `nullopt` where it is not there.
  std::optional<std::string> entry(std::uint64_t seq);
  /// Under the head of now. `nullopt` for an entry that is not there.
  std::optional<LogProof> proof(std::uint64_t seq);
  /// Whose receipts are asked for.
  struct Asker {
    Subject recipient;
    std::function<bool(std::string_view share)> knows;  ///< ReceiptAsker::knows
  };
  /// The same with the entry itself, if it is about what the recipient did: what others did about
  /// them is not theirs to know. An entry of version 1, which would tell one patient's receipts
  /// from another's, stays behind. Under `witnessed` instead of the head, where that covers the
  /// entry (may be null).
  std::optional<LogProof> receipt(std::uint64_t seq, const Asker& asker,
                                  const WitnessedCheckpoint* witnessed = nullptr);
  /// Of each entry, with the entry, under a checkpoint of this log that it may have outgrown.
  /// Throws AuditError where an entry is not there or the log does not continue that checkpoint.
  std::vector<LogProof> receipts_under(const std::string& checkpoint,
                                       std::span<const std::uint64_t> seqs);
  /// From a tree of `old_size` to that of the checkpoint, which is given back too.
  struct Continuation {
    Proof proof;
    std::string checkpoint;
  };
  /// `nullopt` where the log is shorter.
  std::optional<Continuation> continuation(std::uint64_t old_size);
  /// From a tree of `old_size` to one of `size`, which may have grown since. `nullopt` where the
  /// log is shorter.
  std::optional<Proof> consistency(std::uint64_t old_size, std::uint64_t size);
  /// The places of the entries that say that the log's key was rotated. Reads every entry.
  std::vector<std::uint64_t> rotations();
  /// The key that signed heads of that size, if `current` signs them now; `nullopt` where the log's
  /// rotations do not lead there.
  std::optional<NoteVerifier> signer_of(std::uint64_t size, const NoteVerifier& current);
  /// All keys that the log ever had, if `known` is one of them; `known` alone otherwise. Reads
  /// every entry.
  KeyChain keys(const NoteVerifier& known);

 private:
  struct Snapshot;
  LogProof prove(const Snapshot& snapshot, std::uint64_t seq, std::string_view entry);
  LogProof prove_under(const Checkpoint& checkpoint, const std::string& note, std::uint64_t seq,
                       std::string_view entry);
  static LogProof prove_with(TreeHashes& hashes, const Checkpoint& checkpoint,
                             const std::string& note, std::uint64_t seq, std::string_view entry);
  std::optional<core::Bytes> bundle(const LogFile& file);

  core::Mutex mutex_;
  const std::unique_ptr<StoredLog> log_;  // what it points to is guarded by mutex_
};

}  // namespace sekisho::audit
