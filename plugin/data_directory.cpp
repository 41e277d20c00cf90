// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/data_directory.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

namespace sekisho::plugin {
namespace {

constexpr mode_t kOwnerOnly = 0700;

void make_directory(const std::filesystem::path& root) {
  if (::mkdir(root.c_str(), kOwnerOnly) == 0 || errno == EEXIST) return;
  throw DataError("The data directory cannot be made: " + std::generic_category().message(errno) +
                  '.');
}

std::string names(const std::vector<std::filesystem::path>& files) {
  std::string text;
  for (const auto& file : files) text += (text.empty() ? "" : ", ") + file.filename().string();
  return text;
}

}  // namespace

Holdings prepare(const DataDirectory& directory) {
  make_directory(directory.root);
  if (!std::filesystem::is_directory(directory.root)) {
    throw DataError("\"DataDirectory\" is not a directory.");
  }
  const audit::AuditPlace& log = directory.log;
  std::vector<std::filesystem::path> missing{log.database, log.signing_key, log.verifier_key,
                                             log.index_key, log.wrapping_key};
  const std::size_t all_parts = missing.size();
  std::erase_if(missing, [](const auto& file) { return std::filesystem::exists(file); });
  const bool has_shares = std::filesystem::exists(directory.sharing.database);
  if (missing.empty()) return has_shares ? Holdings::all : Holdings::log_only;
  const bool has_mask_key = std::filesystem::exists(directory.sharing.mask_key);
  if (missing.size() == all_parts && !has_shares && !has_mask_key) return Holdings::nothing;
  throw DataError("The data directory lacks " + names(missing) +
                  ". Restore the whole directory from one backup; it is not made anew, for that "
                  "would hide what was lost.");
}

}  // namespace sekisho::plugin
