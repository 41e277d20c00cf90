// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/data_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "core/file.h"

namespace sekisho::plugin {
namespace {

using core::ConfiguredPath;

constexpr mode_t kOwnerOnly = 0700;
constexpr const char* kWhat = "The data directory";
constexpr const char* kSpoolWhat = "The directory for what arrives";
constexpr const char* kAnchorWhat = "The directory of the access log's anchor";

ConfiguredPath data_setting(const DataDirectory& directory) {
  return {directory.root, "\"Sekisho.DataDirectory\""};
}

void make_directory(const ConfiguredPath& directory, const char* what) {
  if (!core::make_directory(directory.path, kOwnerOnly) && errno != EEXIST) {
    throw core::trouble_making(directory, what, errno);
  }
  if (const auto trouble = core::trouble_using(directory, what)) throw *trouble;
}

std::string names(const std::vector<std::filesystem::path>& files) {
  std::string text;
  for (const auto& file : files) text += (text.empty() ? "" : ", ") + file.filename().string();
  return text;
}

/// Maintenance by another account, root above all, leaves such files.
void check_files(const DataDirectory& directory) {
  std::vector<std::filesystem::path> foreign;
  for (const auto& entry : std::filesystem::directory_iterator(directory.root)) {
    if (!entry.is_regular_file()) continue;
    if (::faccessat(AT_FDCWD, entry.path().c_str(), R_OK | W_OK, AT_EACCESS) != 0) {
      foreign.push_back(entry.path());
    }
  }
  if (foreign.empty()) return;
  std::ranges::sort(foreign);
  throw data_trouble(
      directory, "The data directory has files that are not Orthanc's",
      "this process may not read and write " + names(foreign),
      "As root: chown -R " + core::own_account() + ' ' + directory.root.string() + '.');
}

/// An access log that is there already is never given an anchor without somebody asking for it.
void check_anchor(const DataDirectory& directory, const ConfiguredPath& setting) {
  if (const auto trouble = core::trouble_using(setting, kAnchorWhat)) throw *trouble;
  const std::filesystem::path& anchor = *directory.log.anchor;
  const bool has_log = std::filesystem::exists(directory.log.database);
  if (!has_log || std::filesystem::exists(std::filesystem::symlink_status(anchor))) return;
  throw core::SetupTrouble(
      {"The access log's anchor is missing", anchor.string(), setting.setting,
       "there is no such file, though the log has entries",
       "If it was lost, put it back. If this log has none yet, make it with Orthanc stopped: "
       "sekisho-audit anchor --data " +
           directory.root.string() + " --anchor " + setting.path.string() + '.'});
}

}  // namespace

core::SetupTrouble data_trouble(const DataDirectory& directory, std::string what,
                                std::string reason, std::string remedy) {
  ConfiguredPath setting = data_setting(directory);
  return core::SetupTrouble({std::move(what), setting.path.string(), std::move(setting.setting),
                             std::move(reason), std::move(remedy)});
}

bool lacks_room(const DataDirectory& directory) {
  constexpr std::uint64_t kLeastBytes = 1 << 20;  // SQLite takes 32 kB besides what it writes
  const auto is_full = [](const std::filesystem::path& place) {
    const auto free = core::free_bytes(place);
    return free && *free < kLeastBytes;
  };
  return is_full(directory.root) ||
         (directory.log.anchor && is_full(directory.log.anchor->parent_path()));
}

SpoolDirectory prepare_spool(const DataDirectory& directory,
                             const std::optional<std::filesystem::path>& configured) {
  const ConfiguredPath spool{configured.value_or(directory.root.string() + "-spool"),
                             "\"Sekisho.SpoolDirectory\""};
  try {
    make_directory(spool, kSpoolWhat);
  } catch (const core::SetupTrouble& trouble) {
    if (configured) throw;
    return {directory.root, std::string(trouble.what()) +
                                " Until then what recipients send lies in the data directory."};
  }
  return {spool.path};
}

Holdings prepare(const DataDirectory& directory) {
  make_directory(data_setting(directory), kWhat);
  check_files(directory);
  const audit::AuditPlace& log = directory.log;
  if (log.anchor) {
    check_anchor(directory, {log.anchor->parent_path(), "\"Sekisho.AuditAnchorDirectory\""});
  }
  std::vector<std::filesystem::path> missing{log.database, log.signing_key, log.verifier_key,
                                             log.index_key, log.wrapping_key};
  const std::size_t all_parts = missing.size();
  std::erase_if(missing, [](const auto& file) { return std::filesystem::exists(file); });
  const bool has_shares = std::filesystem::exists(directory.sharing.database);
  if (missing.empty()) return has_shares ? Holdings::all : Holdings::log_only;
  const bool has_mask_key = std::filesystem::exists(directory.sharing.mask_key);
  if (missing.size() == all_parts && !has_shares && !has_mask_key) return Holdings::nothing;
  throw data_trouble(directory, "The data directory is not whole", "it lacks " + names(missing),
                     "Restore all of it from one backup; it is not made anew, for that would hide "
                     "what was lost.");
}

}  // namespace sekisho::plugin
