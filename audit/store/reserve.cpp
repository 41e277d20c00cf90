// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <utility>

#include "core/create.h"

namespace sekisho::audit {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::uint64_t kStatBlockBytes = 512;  // stat(3type)

/// A file with holes would hold nothing.
bool is_whole(const std::filesystem::path& file, std::uint64_t size_bytes) {
  struct stat found{};
  return ::lstat(file.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         std::cmp_equal(found.st_size, size_bytes) &&
         static_cast<std::uint64_t>(found.st_blocks) * kStatBlockBytes >= size_bytes;
}

}  // namespace

Reserve::Reserve(std::filesystem::path file, std::uint64_t size_bytes)
    : file_(std::move(file)),
      size_bytes_(size_bytes),
      is_held_(is_wanted() && is_whole(file_, size_bytes)) {}

bool Reserve::hold() {
  if (is_held_ || !is_wanted()) return is_held_;
  ::unlink(file_.c_str());  // of another size, or of a making that was interrupted
  is_held_ = has_room() && make();
  return is_held_;
}

bool Reserve::give_up() {
  if (!std::exchange(is_held_, false)) return false;
  return ::unlink(file_.c_str()) == 0;
}

bool Reserve::has_room() const {
  struct statvfs disk{};
  if (::statvfs(core::directory_of(file_).c_str(), &disk) != 0) return false;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize >= 2 * size_bytes_;
}

bool Reserve::make() const {
  const core::Descriptor made = core::create_file(file_, kOwnerOnly);
  if (!made.is_open()) return false;
  if (::posix_fallocate(made.get(), 0, static_cast<off_t>(size_bytes_)) == 0) return true;
  ::unlink(file_.c_str());
  return false;
}

}  // namespace sekisho::audit
