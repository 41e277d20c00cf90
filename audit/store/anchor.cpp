// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/anchor.h"

#include <cerrno>
#include <system_error>

#include "audit/error.h"
#include "audit/keys/key_rotation.h"
#include "audit/store/disk_full.h"
#include "audit/store/tree_hashes.h"
#include "core/create.h"
#include "core/replace_file.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kLongestAnchor = 64 * 1024;

constexpr std::string_view kWhatToDo =
    " Restore the newest copy of the whole directory. If there is none, sekisho-audit recover "
    "keeps "
    "both as evidence and begins another log.";

std::string read_whole(const std::filesystem::path& file) {
  try {
    if (const auto text = core::read_whole_file(file, kLongestAnchor)) {
      return std::string(core::as_text(text->view()));
    }
  } catch (const std::system_error&) {
    // For whoever reads this it is as if it were missing.
  }
  throw AuditError(
      "the anchor of the audit log is missing or cannot be read. If this log has none yet, make it "
      "with sekisho-audit anchor.");
}

void write(const std::filesystem::path& file, const std::string& checkpoint) {
  try {
    core::replace_file(file, checkpoint);
  } catch (const std::system_error& error) {
    // The file is written anew each time: what was there before is whole.
    if (error.code() == std::errc::no_space_on_device || error.code().value() == EDQUOT) {
      throw DiskFull("the disk under the anchor is full");
    }
    throw AuditError("the anchor cannot be written: " + error.code().message());
  }
}

/// Until the first head after a rotation replaces it, it is signed by the key from before.
Checkpoint opened(const NoteVerifier& log, StoredLog& stored, const std::string& text) {
  const auto note = Note::parse(text);
  auto checkpoint = note ? open_checkpoint(*note, log) : std::nullopt;
  if (const auto claimed = note ? Checkpoint::parse(note->text) : std::nullopt;
      claimed && !checkpoint) {
    const auto before = keys_since(stored, claimed->size, log);
    checkpoint = before ? open_checkpoint(*note, before->signer_of(claimed->size)) : std::nullopt;
  }
  if (!checkpoint) {
    throw AuditError(
        "the anchor is not of this audit log, or of a key that audit.db does not know");
  }
  return *std::move(checkpoint);
}

}  // namespace

OlderThanAnchor::OlderThanAnchor(std::uint64_t size, std::uint64_t anchored)
    : AuditError("audit.db is older than its anchor: it has " + std::to_string(size) +
                 " entries, " + std::to_string(anchored) + " were signed." +
                 std::string(kWhatToDo)),
      missing_(anchored - size) {}

void Anchor::create(const std::filesystem::path& file, const std::string& checkpoint) {
  if (core::is_there(file)) throw AuditError("there is an anchor already");
  write(file, checkpoint);
}

Anchor::Anchor(std::filesystem::path file, const NoteVerifier& log, StoredLog& stored,
               std::uint64_t size)
    : file_(std::move(file)) {
  const Checkpoint anchored = opened(log, stored, read_whole(file_));
  size_ = anchored.size;
  if (anchored.size > size) throw OlderThanAnchor(size, anchored.size);
  TreeHashes hashes(stored, size);
  if (tree_root(anchored.size, hashes.roots()) != anchored.root) {
    throw AuditError("audit.db has another past than its anchor." + std::string(kWhatToDo));
  }
}

void Anchor::raise(const std::string& checkpoint) {
  const auto head = Checkpoint::parse(signed_text(checkpoint));
  if (!head) throw AuditError("the head of audit.db is no checkpoint");
  const core::MutexLock lock(mutex_);
  if (head->size <= size_) return;
  write(file_, checkpoint);
  size_ = head->size;
}

}  // namespace sekisho::audit
