// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replace_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "core/create.h"

namespace sekisho::core {
namespace {

constexpr mode_t kEverybody = 0644;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kPermissions = 0777;

bool take_after(int descriptor, const std::filesystem::path& file) {
  struct stat old{};
  if (::lstat(file.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) return true;
  return (::geteuid() != 0 || ::fchown(descriptor, old.st_uid, old.st_gid) == 0) &&
         ::fchmod(descriptor, old.st_mode & kPermissions) == 0;
}

/// What is private is not for whoever put a file of theirs in its place first.
bool write_and_sync(const std::filesystem::path& fresh, std::string_view content, mode_t mode,
                    const std::filesystem::path& file) {
  // What an interrupted write left, or somebody else put there, is not written into.
  remove_file(fresh);
  const Descriptor opened = create_file(fresh, mode);
  return opened.is_open() && (mode == kOwnerOnly || take_after(opened.get(), file)) &&
         write_whole(opened.get(), content) && sync(opened.get());
}

void replace(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  const std::filesystem::path directory = directory_of(file);
  const std::filesystem::path fresh = directory / (file.filename().string() + ".new");
  const bool replaced = write_and_sync(fresh, content, mode, file) && rename_file(fresh, file);
  const int error = errno;
  if (!replaced) {
    remove_file(fresh);
    throw std::system_error(error, std::generic_category(), file.filename().string());
  }
  if (!sync_directory(directory)) {
    throw std::system_error(errno, std::generic_category(), file.filename().string());
  }
}

}  // namespace

void replace_file(const std::filesystem::path& file, std::string_view content) {
  replace(file, content, kEverybody);
}

void replace_private_file(const std::filesystem::path& file, std::string_view content) {
  replace(file, content, kOwnerOnly);
}

}  // namespace sekisho::core
