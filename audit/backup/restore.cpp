// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/backup/restore.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "audit/backup/data_files.h"
#include "audit/backup/manifest.h"
#include "audit/error.h"
#include "audit/place.h"
#include "audit/store/anchor.h"
#include "audit/store/open_log.h"
#include "audit/verify/verify.h"
#include "core/create.h"
#include "core/file_digest.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnlyDirectory = 0700;
constexpr std::string_view kUnfinished = "restore.part";
constexpr std::size_t kLargestManifest = std::size_t{1} << 20;

void require_empty(const fs::path& data) {
  if (!fs::is_directory(data)) {
    throw AuditError(data.string() +
                     " is no directory. Make it for the user that runs the service, such as: "
                     "install -d -m 0700 -o orthanc -g orthanc " +
                     data.string());
  }
  for (const fs::directory_entry& there : fs::directory_iterator(data)) {
    if (there.path().filename() == "lost+found") continue;
    const bool is_ours = there.path().filename() == kUnfinished;
    throw AuditError(data.string() + " is not empty" +
                     (is_ours ? ": a restore was interrupted there. Remove what it left"
                              : ". Set aside what is there, it may be evidence"));
  }
}

Manifest manifest_of(const fs::path& copy) {
  const auto text = core::read_whole_file(copy / kManifest, kLargestManifest);
  if (!text) throw AuditError(copy.string() + " is no copy of sekisho-audit backup: no manifest");
  auto manifest = Manifest::parse(core::as_text(text->view()));
  if (!manifest) throw AuditError("the manifest of the copy cannot be read");
  return *std::move(manifest);
}

/// Inside of the data directory, for that may be a mount point. Gone with what is in it.
class Staging {
 public:
  explicit Staging(fs::path data) : data_(std::move(data)), directory_(data_ / kUnfinished) {
    core::create_directory(directory_, kOwnerOnlyDirectory);
  }
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const fs::path& directory() const { return directory_; }

  void fill(const fs::path& copy, const Manifest& manifest, const Advance& advance) {
    std::uint64_t done = 0;
    for (const Manifest::File& file : manifest.files) {
      advance("copy of " + file.name.string(), done++, manifest.files.size());
      core::create_directories(core::directory_of(directory_ / file.name), kOwnerOnlyDirectory);
      copy_private_file(copy / file.name, directory_ / file.name);
      if (core::sha256_of_file(directory_ / file.name) != file.hash) {
        throw AuditError(file.name.string() + " is not what the manifest of the copy says");
      }
    }
    fs::remove(directory_ / kCheckpoint);
  }

  void put_in_place() {
    const fs::path last = AuditPlace::in(data_).signing_key.filename();
    std::vector<fs::path> names;
    for (const fs::directory_entry& there : fs::directory_iterator(directory_)) {
      if (there.path().filename() != last) names.push_back(there.path().filename());
    }
    for (const fs::path& name : names) fs::rename(directory_ / name, data_ / name);
    sync();
    fs::rename(directory_ / last, data_ / last);
    sync();
  }

 private:
  void sync() const {
    if (!core::sync_directory(data_)) {
      throw std::system_error(errno, std::generic_category(), data_.string());
    }
  }

  const fs::path data_;
  const fs::path directory_;
};

std::uint64_t verified_entries(const AuditPlace& place, const Manifest& manifest,
                               const Advance& advance) {
  const Verdict verdict = verify(place.database, read_verifier_line(place.verifier_key), advance);
  if (!verdict.sound()) {
    throw AuditError("the log of the copy is not sound: " + verdict.problems.front());
  }
  if (verdict.entries != manifest.entries || verdict.origin != manifest.origin) {
    throw AuditError("the log of the copy is not the one that its manifest speaks of");
  }
  return verdict.entries;
}

/// How many entries the anchor knows of that the copy lacks.
std::uint64_t missing_by_anchor(const AuditPlace& place, std::uint64_t entries,
                                const fs::path& directory) {
  const auto key = NoteVerifier::parse(read_verifier_line(place.verifier_key));
  if (!key) throw AuditError("audit.pub of the copy is not the verifier key of a log");
  const auto log = open_stored_log(place.database);
  const auto state = log->hold();
  try {
    const Anchor anchor(AuditPlace::anchor_in(directory), *key, *log, entries);
    return 0;
  } catch (const OlderThanAnchor& older) {
    return older.missing();
  }
}

}  // namespace

Restored restore(const fs::path& from, const fs::path& data,
                 const std::optional<fs::path>& anchor_directory, Loss loss,
                 const Advance& advance) {
  require_empty(data);
  const Manifest manifest = manifest_of(from);
  Staging staging(data);
  staging.fill(from, manifest, advance);
  const AuditPlace place = AuditPlace::in(staging.directory());
  Restored restored;
  restored.entries = verified_entries(place, manifest, advance);
  if (anchor_directory) {
    restored.missing = missing_by_anchor(place, restored.entries, *anchor_directory);
  }
  if (restored.missing > 0 && loss == Loss::refused) {
    throw AuditError("the copy lacks " + std::to_string(restored.missing) +
                     " entries that the anchor says were signed behind its " +
                     std::to_string(restored.entries) +
                     ": the recipient door would stay shut. Look for a newer copy. If there is "
                     "none, --accept-loss restores this one, and sekisho-audit recover begins "
                     "another log");
  }
  staging.put_in_place();
  return restored;
}

}  // namespace sekisho::audit
