// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/backup/backup.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <system_error>

#include "audit/backup/data_files.h"
#include "audit/backup/manifest.h"
#include "audit/error.h"
#include "audit/place.h"
#include "audit/store/log_reader.h"
#include "audit/verify/verify.h"
#include "core/at_rest.h"
#include "core/create.h"
#include "core/database_copy.h"
#include "core/file_digest.h"
#include "core/replace_file.h"
#include "core/whole_file.h"

namespace sekisho::audit {
namespace {

namespace fs = std::filesystem;

using core::is_there;

constexpr mode_t kOwnerOnlyDirectory = 0700;
constexpr mode_t kOwnerOnly = 0600;
constexpr std::size_t kLargestKeyFile = 4096;
/// A rotation takes a moment, and nobody rotates twice at once.
constexpr int kMostTries = 5;

/// The unfinished copy, beside its place, which is gone again unless it is kept. Nobody else makes
/// one for that place meanwhile.
class UnfinishedCopy {
 public:
  explicit UnfinishedCopy(fs::path to) : to_(std::move(to)), directory_(to_.string() + ".part") {
    if (is_there(to_)) throw AuditError(to_.string() + " exists: a copy is made in a new place");
    if (is_there(directory_)) {  // of a process that was killed
      const core::Descriptor left = locked();
      fs::remove_all(directory_);
    }
    core::create_directory(directory_, kOwnerOnlyDirectory);
    lock_.emplace(locked());
  }
  ~UnfinishedCopy() {
    std::error_code ignored;
    if (lock_) fs::remove_all(directory_, ignored);
  }
  UnfinishedCopy(const UnfinishedCopy&) = delete;
  UnfinishedCopy& operator=(const UnfinishedCopy&) = delete;

  const fs::path& directory() const { return directory_; }
  void keep() {
    fs::rename(directory_, to_);
    lock_.reset();
    if (!core::sync_directory(core::directory_of(to_))) {
      throw std::system_error(errno, std::generic_category(), to_.string());
    }
  }

 private:
  core::Descriptor locked() const {
    core::Descriptor opened(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened.is_open() || ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
      throw AuditError(directory_.string() + ": another copy is being made there");
    }
    return opened;
  }

  const fs::path to_;
  const fs::path directory_;
  std::optional<core::Descriptor> lock_;
};

/// One state of the database, beside whoever writes it.
void copy_database(const fs::path& from, const fs::path& to, const Advance& advance) {
  const core::db::AtRest at_rest(from);
  const bool is_at_rest = !is_there(core::db::write_ahead_log_of(from));
  if (!core::create_file(to, kOwnerOnly).is_open()) {
    throw std::system_error(errno, std::generic_category(), to.string());
  }
  core::db::copy_into(from, to, [&] {
    std::error_code ignored;
    advance("copy of " + from.filename().string(), fs::file_size(to, ignored),
            fs::file_size(from, ignored));
  });
  if (is_at_rest && !at_rest.holds()) {
    throw AuditError("the service was started meanwhile: give the command again");
  }
  sync_file(to);
}

using KeyFiles = std::map<std::string, core::Secret>;

class DataCopy {
 public:
  DataCopy(fs::path data, fs::path to, const Advance& advance)
      : data_(std::move(data)), to_(std::move(to)), advance_(advance) {}

  /// Nothing here lacks its record there: the log comes last.
  void run() {
    if (is_there(data_ / kSharesDatabase)) copy_with_keys(kSharesDatabase, kSharesKeys);
    if (is_there(data_ / kAccessDatabase)) copy_with_keys(kAccessDatabase, kAccessKeys);
    if (is_there(data_ / kReturnsDatabase)) copy_with_keys(kReturnsDatabase, kReturnsKeys);
    for (const char* name : kLogNotes) {
      if (is_there(data_ / name)) copy_file(name);
    }
    copy_with_keys(kLogDatabase, kLogKeys);
    for (const fs::directory_entry& there : fs::directory_iterator(data_)) {
      if (is_set_aside(there.path())) copy_directory(there.path().filename());
    }
  }

  void add(std::string_view name, std::string_view content) {
    core::replace_private_file(to_ / name, content);
    names_.emplace_back(name);
  }

  const std::vector<fs::path>& names() const { return names_; }

  /// What is no part of the data, or not known to be one.
  std::vector<std::string> left_out() const {
    std::vector<std::string> names;
    for (const fs::directory_entry& there : fs::directory_iterator(data_)) {
      const fs::path name = there.path().filename();
      const bool is_of_database = name.extension() == ".db-wal" || name.extension() == ".db-shm";
      const bool is_copied = std::ranges::any_of(
          names_, [&](const fs::path& copied) { return *copied.begin() == name; });
      const bool is_left_out = name == kCache || name == kReserve;
      if (!is_of_database && !is_copied && !is_left_out) names.push_back(name.string());
    }
    std::ranges::sort(names);
    return names;
  }

 private:
  static bool is_set_aside(const fs::path& path) {
    return path.filename().string().starts_with(kSetAsidePrefix) && fs::is_directory(path);
  }

  /// If the keys are the same before and after it, they are those of the database between: a key
  /// that a rotation has put out of use does not come back.
  void copy_with_keys(std::string_view database, std::span<const char* const> names) {
    for (int tries = 0; tries < kMostTries; ++tries) {
      const KeyFiles before = read_keys(names);
      copy_database(data_ / database, to_ / database, advance_);
      if (is_same(before, read_keys(names))) {
        names_.emplace_back(database);
        for (const auto& [name, content] : before) add(name, core::as_text(content.view()));
        return;
      }
      fs::remove(to_ / database);
    }
    throw AuditError("the keys of " + std::string(database) + " do not stay the same");
  }

  KeyFiles read_keys(std::span<const char* const> names) const {
    KeyFiles keys;
    for (const char* name : names) {
      auto content = core::read_whole_file(data_ / name, kLargestKeyFile);
      if (content) keys.emplace(name, *std::move(content));
    }
    return keys;
  }

  static bool is_same(const KeyFiles& one, const KeyFiles& other) {
    return std::ranges::equal(one, other, [](const auto& left, const auto& right) {
      return left.first == right.first &&
             std::ranges::equal(left.second.view(), right.second.view());
    });
  }

  void copy_file(const fs::path& name) {
    copy_private_file(data_ / name, to_ / name);
    names_.push_back(name);
  }

  void copy_directory(const fs::path& name) {
    core::create_directory(to_ / name, kOwnerOnlyDirectory);
    for (const fs::directory_entry& there : fs::directory_iterator(data_ / name)) {
      copy_file(name / there.path().filename());
    }
    core::sync_directory(to_ / name);
  }

  const fs::path data_;
  const fs::path to_;
  const Advance& advance_;
  std::vector<fs::path> names_;
};

/// What cannot be restored is no copy.
void require_sound(const fs::path& directory, std::string_view database) {
  const fs::path file = directory / database;
  if (!is_there(file)) return;
  if (!core::db::is_whole(file)) {
    throw AuditError(std::string(database) + " is damaged: there is no copy of it");
  }
}

Verdict sound_log(const fs::path& directory, const Advance& advance) {
  const AuditPlace place = AuditPlace::in(directory);
  Verdict verdict = verify(place.database, read_verifier_line(place.verifier_key), advance);
  if (verdict.sound()) return verdict;
  throw AuditError("the log is not sound: " + verdict.problems.front() +
                   ". There is no copy. sekisho-audit verify tells more; to keep what is there as "
                   "evidence, stop the service and copy the directory as it is");
}

}  // namespace

Backup back_up(const fs::path& data, const fs::path& to, const Advance& advance,
               const core::Clock& clock) {
  UnfinishedCopy unfinished(to);
  DataCopy copy(data, unfinished.directory(), advance);
  copy.run();
  require_sound(unfinished.directory(), kSharesDatabase);
  require_sound(unfinished.directory(), kAccessDatabase);
  require_sound(unfinished.directory(), kReturnsDatabase);
  const Verdict log = sound_log(unfinished.directory(), advance);
  copy.add(kCheckpoint, LogReader(unfinished.directory() / kLogDatabase).head().checkpoint);
  Manifest manifest{clock(), log.origin, log.entries, {}};
  for (const fs::path& name : copy.names()) {
    manifest.files.push_back({name, core::sha256_of_file(unfinished.directory() / name)});
  }
  core::replace_private_file(unfinished.directory() / kManifest, manifest.text());
  unfinished.keep();
  return {log.entries, copy.left_out()};
}

}  // namespace sekisho::audit
