// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/published_log.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include "audit/entry/entry.h"
#include "audit/error.h"
#include "audit/proof/merkle.h"
#include "audit/store/open_log.h"

namespace sekisho::audit {
namespace {

constexpr std::string_view kCheckpointPath = "checkpoint";
constexpr std::string_view kTilePath = "tile/";
constexpr std::string_view kEntriesPath = "entries/";
constexpr unsigned kMostLevels = 64;

/// A number without leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || std::to_string(number) != text) return std::nullopt;
  return number;
}

/// "x001/x234/067" for 1234067.
std::string index_path(std::uint64_t index) {
  std::string path;
  bool is_last = true;
  do {
    std::string digits = std::to_string(index % 1000);
    digits.insert(0, 3 - digits.size(), '0');
    path.insert(0, is_last ? digits : 'x' + digits + '/');
    is_last = false;
    index /= 1000;
  } while (index > 0);
  return path;
}

std::optional<std::uint64_t> parse_index(std::string_view path) {
  std::string digits;
  for (const char c : path) {
    if (c >= '0' && c <= '9') digits += c;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const auto index = digits.empty() ? std::nullopt : parse_number(digits);
  return index && index_path(*index) == path ? index : std::nullopt;
}

/// What a recipient does, and what they come with. Readings of the log, holds, previews, shares
/// that are not valid yet are the house's: to show them would be a warning.
constexpr EventCode kOfRecipients[] = {
    EventCode::query,           EventCode::transfer_begin,     EventCode::transfer_end,
    EventCode::return_receive,  EventCode::return_begin,       EventCode::return_end,
    EventCode::denial,          EventCode::token_create,       EventCode::token_revoke,
    EventCode::certificate_add, EventCode::certificate_remove, EventCode::session_begin,
    EventCode::session_end,     EventCode::credential_change};

bool is_for(const PublishedLog::Asker& asker, const Entry& entry) {
  const auto code = event_code(entry.event);
  return code && std::ranges::find(kOfRecipients, *code) != std::end(kOfRecipients) &&
         std::ranges::find(entry.subjects, asker.recipient) != entry.subjects.end() &&
         asker.knows(entry.share);
}

}  // namespace

std::optional<LogFile> LogFile::parse(std::string_view path) {
  LogFile file;
  if (path == kCheckpointPath) return file;
  if (!path.starts_with(kTilePath)) return std::nullopt;
  const std::string_view whole = path;
  path.remove_prefix(kTilePath.size());
  if (path.starts_with(kEntriesPath)) {
    file.kind = Kind::entries;
    path.remove_prefix(kEntriesPath.size());
  } else {
    file.kind = Kind::hashes;
    const auto slash = std::min(path.find('/'), path.size());
    const auto level = parse_number(path.substr(0, slash));
    if (!level || *level >= kMostLevels || slash == path.size()) return std::nullopt;
    file.tile.level = static_cast<unsigned>(*level);
    path.remove_prefix(slash + 1);
  }
  const auto partial = path.find(".p/");
  if (partial != std::string_view::npos) {
    const auto width = parse_number(path.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    file.width = *width;
    path = path.substr(0, partial);
  }
  const auto place = parse_index(path);
  if (!place) return std::nullopt;
  file.tile.place = *place;
  return file.path() == whole ? std::optional(file) : std::nullopt;
}

std::string LogFile::path() const {
  if (kind == Kind::checkpoint) return std::string(kCheckpointPath);
  std::string path(kTilePath);
  path += kind == Kind::entries ? std::string(kEntriesPath) : std::to_string(tile.level) + '/';
  path += index_path(tile.place);
  if (width < kTileWidth) path += ".p/" + std::to_string(width);
  return path;
}

/// One state of the log, from the head that was signed for it.
struct PublishedLog::Snapshot {
  explicit Snapshot(StoredLog& log) : state(log.hold()) {
    auto heads = log.heads();
    if (heads.empty()) throw AuditError("audit.db has no head");
    StoredLog::Head& head = heads.front();
    if (head.root.size() != root.size()) {
      throw AuditError("the head of audit.db is damaged");
    }
    size = static_cast<std::uint64_t>(head.size);
    std::ranges::copy(head.root, root.begin());
    checkpoint = std::move(head.checkpoint);
  }

  std::unique_ptr<StoredLog::Snapshot> state;
  std::uint64_t size = 0;
  core::Sha256 root{};
  std::string checkpoint;
};

PublishedLog::PublishedLog(const std::filesystem::path& database)
    : log_(open_stored_log(database)) {}

std::string PublishedLog::checkpoint() {
  const core::MutexLock lock(mutex_);
  return Snapshot(*log_).checkpoint;
}

std::optional<core::Bytes> PublishedLog::file(const LogFile& file) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  if (file.kind == LogFile::Kind::checkpoint) {
    const core::ByteView text = core::as_bytes(snapshot.checkpoint);
    return core::Bytes(text.begin(), text.end());
  }
  if (file.width > tile_width(file.tile, snapshot.size)) return std::nullopt;
  if (file.kind == LogFile::Kind::entries) return bundle(file);
  TreeHashes hashes(*log_, snapshot.size);
  core::Bytes bytes;
  for (const core::Sha256& hash : std::span(hashes.tile(file.tile)).first(file.width)) {
    bytes.insert(bytes.end(), hash.begin(), hash.end());
  }
  return bytes;
}

/// The leaf of each entry behind its length in two bytes, the high one first.
std::optional<core::Bytes> PublishedLog::bundle(const LogFile& file) {
  static_assert(kMaxEntryBytes <= std::numeric_limits<std::uint16_t>::max());
  core::Bytes bytes;
  const std::uint64_t begin = file.tile.place * kTileWidth;
  for (std::uint64_t seq = begin; seq < begin + file.width; ++seq) {
    const auto entry = log_->entry(seq);
    if (!entry) return std::nullopt;
    const std::string& leaf = entry->leaf;
    bytes.push_back(static_cast<core::Byte>(leaf.size() >> 8));
    bytes.push_back(static_cast<core::Byte>(leaf.size() & 0xFF));
    bytes.insert(bytes.end(), leaf.begin(), leaf.end());
  }
  return bytes;
}

std::optional<std::string> PublishedLog::entry(std::uint64_t seq) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  auto entry = seq < snapshot.size ? log_->entry(seq) : std::nullopt;
  return entry ? std::optional(std::move(entry->leaf)) : std::nullopt;
}

std::optional<LogProof> PublishedLog::proof(std::uint64_t seq) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  const auto entry = seq < snapshot.size ? log_->entry(seq) : std::nullopt;
  if (!entry) return std::nullopt;
  return prove(snapshot, seq, entry->leaf);
}

std::optional<LogProof> PublishedLog::receipt(std::uint64_t seq, const Asker& asker,
                                              const WitnessedCheckpoint* witnessed) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  auto stored = seq < snapshot.size ? log_->entry(seq) : std::nullopt;
  const auto entry = stored ? parse_entry(stored->bytes()) : std::nullopt;
  if (!entry || !is_for(asker, *entry)) return std::nullopt;
  const bool is_witnessed = witnessed != nullptr && seq < witnessed->checkpoint.size &&
                            witnessed->checkpoint.size <= snapshot.size;
  std::string& leaf = stored->leaf;
  LogProof proof = is_witnessed ? prove_under(witnessed->checkpoint, witnessed->note, seq, leaf)
                                : prove(snapshot, seq, leaf);
  if (entry->version > 1) proof.extra = std::move(leaf);
  return proof;
}

std::vector<LogProof> PublishedLog::receipts_under(const std::string& checkpoint,
                                                   std::span<const std::uint64_t> seqs) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  const auto tree = Checkpoint::parse(signed_text(checkpoint));
  if (!tree || tree->size == 0 || tree->size > snapshot.size) {
    throw AuditError("the log is shorter than that checkpoint");
  }
  TreeHashes hashes(*log_, tree->size);
  if (tree_root(tree->size, hashes.roots()) != tree->root) {
    throw AuditError("the log does not continue that checkpoint");
  }
  std::vector<LogProof> receipts;
  for (const std::uint64_t seq : seqs) {
    auto entry = seq < tree->size ? log_->entry(seq) : std::nullopt;
    if (!entry) throw AuditError("the log has no entry " + std::to_string(seq));
    receipts.push_back(prove_with(hashes, *tree, checkpoint, seq, entry->leaf));
    receipts.back().extra = std::move(entry->leaf);
  }
  return receipts;
}

LogProof PublishedLog::prove(const Snapshot& snapshot, std::uint64_t seq, std::string_view entry) {
  return prove_under({{}, snapshot.size, snapshot.root}, snapshot.checkpoint, seq, entry);
}

/// Of this log, now or before.
LogProof PublishedLog::prove_under(const Checkpoint& checkpoint, const std::string& note,
                                   std::uint64_t seq, std::string_view entry) {
  TreeHashes hashes(*log_, checkpoint.size);
  return prove_with(hashes, checkpoint, note, seq, entry);
}

/// What would not convince a stranger does not leave.
LogProof PublishedLog::prove_with(TreeHashes& hashes, const Checkpoint& checkpoint,
                                  const std::string& note, std::uint64_t seq,
                                  std::string_view entry) {
  LogProof proof{std::nullopt, seq, inclusion_proof(seq, checkpoint.size, hashes.roots()), note};
  const core::Sha256 leaf = leaf_hash(core::as_bytes(entry));
  if (!is_included(leaf, seq, checkpoint.size, checkpoint.root, proof.path)) {
    throw AuditError("an entry of the audit log is not the one that was signed");
  }
  return proof;
}

std::optional<PublishedLog::Continuation> PublishedLog::continuation(std::uint64_t old_size) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  if (old_size > snapshot.size) return std::nullopt;
  TreeHashes hashes(*log_, snapshot.size);
  return Continuation{consistency_proof(old_size, snapshot.size, hashes.roots()),
                      snapshot.checkpoint};
}

std::optional<Proof> PublishedLog::consistency(std::uint64_t old_size, std::uint64_t size) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  if (old_size > size || size > snapshot.size) return std::nullopt;
  TreeHashes hashes(*log_, snapshot.size);
  return consistency_proof(old_size, size, hashes.roots());
}

std::vector<std::uint64_t> PublishedLog::rotations() {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  std::vector<std::uint64_t> places;
  for (const Entry& entry : rotation_entries(*log_, 0)) places.push_back(entry.seq);
  return places;
}

KeyChain PublishedLog::keys(const NoteVerifier& known) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  return KeyChain::leading_from(known, rotation_entries(*log_, 0));
}

std::optional<NoteVerifier> PublishedLog::signer_of(std::uint64_t size,
                                                    const NoteVerifier& current) {
  const core::MutexLock lock(mutex_);
  const Snapshot snapshot(*log_);
  const auto keys = keys_since(*log_, size, current);
  return keys ? std::optional(keys->signer_of(size)) : std::nullopt;
}

}  // namespace sekisho::audit
