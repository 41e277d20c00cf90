// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replace_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

namespace sekisho::core {
namespace {

constexpr mode_t kEverybody = 0644;
constexpr mode_t kOwnerOnly = 0600;

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& file, int flags, mode_t mode = 0)
      : value_(::open(file.c_str(), flags | O_CLOEXEC, mode)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }

 private:
  int value_;
};

bool write_whole(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_and_sync(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  // What an interrupted write left, or somebody else put there, is not written into.
  ::unlink(file.c_str());
  const Descriptor opened(file, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode);
  return opened.get() >= 0 && write_whole(opened.get(), content) && ::fsync(opened.get()) == 0;
}

void replace(const std::filesystem::path& file, std::string_view content, mode_t mode) {
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  const std::filesystem::path fresh = directory / (file.filename().string() + ".new");
  const bool replaced =
      write_and_sync(fresh, content, mode) && std::rename(fresh.c_str(), file.c_str()) == 0;
  const int error = errno;
  if (!replaced) {
    ::unlink(fresh.c_str());
    throw std::system_error(error, std::generic_category(), file.filename().string());
  }
  const Descriptor opened(directory, O_RDONLY | O_DIRECTORY);
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
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
