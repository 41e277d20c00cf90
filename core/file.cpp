// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace sekisho::core {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor open_to_read(const std::filesystem::path& file) {
  return Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
}

Descriptor open_to_write(const std::filesystem::path& file) {
  return Descriptor(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
}

Descriptor open_new(const std::filesystem::path& file, mode_t mode) {
  return Descriptor(::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode));
}

Descriptor open_directory(const std::filesystem::path& directory) {
  return Descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

std::optional<std::size_t> read_some(int descriptor, std::span<Byte> into) {
  ssize_t got = 0;
  do {
    got = ::read(descriptor, into.data(), into.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) return std::nullopt;
  return static_cast<std::size_t>(got);
}

bool write_whole(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool sync(int descriptor) { return ::fsync(descriptor) == 0; }

bool lock_alone(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

bool take_room(int descriptor, std::uint64_t bytes) {
  errno = ::posix_fallocate(descriptor, 0, static_cast<off_t>(bytes));
  return errno == 0;
}

bool make_directory(const std::filesystem::path& directory, mode_t mode) {
  return ::mkdir(directory.c_str(), mode) == 0;
}

bool rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  return ::rename(from.c_str(), to.c_str()) == 0;
}

bool link_file(const std::filesystem::path& file, const std::filesystem::path& name) {
  return ::link(file.c_str(), name.c_str()) == 0;
}

bool remove_file(const std::filesystem::path& file) { return ::unlink(file.c_str()) == 0; }

bool sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && sync(opened.get());
}

std::optional<std::uint64_t> free_bytes(const std::filesystem::path& directory) {
  struct statvfs disk{};
  if (::statvfs(directory.c_str(), &disk) != 0) return std::nullopt;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace sekisho::core
