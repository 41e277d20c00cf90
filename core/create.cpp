// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/create.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sekisho::core {
namespace {

/// To the owner of the directory that it was made in.
bool hand_over(int descriptor, const std::filesystem::path& directory) {
  if (::geteuid() != 0) return true;
  struct stat owner{};
  return ::stat(directory.c_str(), &owner) == 0 &&
         (owner.st_uid == 0 || ::fchown(descriptor, owner.st_uid, owner.st_gid) == 0);
}

}  // namespace

Descriptor create_file(const std::filesystem::path& file, mode_t mode) {
  Descriptor made = open_new(file, mode);
  if (!made.is_open() || hand_over(made.get(), directory_of(file))) return made;
  const int error = errno;
  remove_file(file);
  errno = error;
  return Descriptor(-1);
}

void create_directory(const std::filesystem::path& directory, mode_t mode) {
  const auto fail = [&] {
    throw std::system_error(errno, std::generic_category(), directory.string());
  };
  if (!make_directory(directory, mode)) fail();
  const Descriptor made = open_directory(directory);
  if (!made.is_open() || !hand_over(made.get(), directory_of(directory))) fail();
}

void create_directories(const std::filesystem::path& directory, mode_t mode) {
  if (directory.empty() || std::filesystem::is_directory(directory)) return;
  create_directories(directory.parent_path(), mode);
  create_directory(directory, mode);
}

bool is_there(const std::filesystem::path& file) {
  return std::filesystem::exists(std::filesystem::symlink_status(file));
}

std::filesystem::path directory_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : ".";
}

}  // namespace sekisho::core
