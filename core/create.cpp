// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/create.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

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

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

bool write_whole(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Descriptor create_file(const std::filesystem::path& file, mode_t mode) {
  Descriptor made(::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!made.is_open() || hand_over(made.get(), directory_of(file))) return made;
  const int error = errno;
  ::unlink(file.c_str());
  errno = error;
  return Descriptor(-1);
}

void create_directory(const std::filesystem::path& directory, mode_t mode) {
  const auto fail = [&] {
    throw std::system_error(errno, std::generic_category(), directory.string());
  };
  if (::mkdir(directory.c_str(), mode) != 0) fail();
  const Descriptor made(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
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

bool sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && ::fsync(opened.get()) == 0;
}

}  // namespace sekisho::core
