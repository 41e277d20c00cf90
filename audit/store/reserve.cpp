// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/store/reserve.h"

#include <sys/stat.h>

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
  core::remove_file(file_);  // of another size, or of a making that was interrupted
  is_held_ = has_room() && make();
  return is_held_;
}

bool Reserve::give_up() {
  if (!std::exchange(is_held_, false)) return false;
  return core::remove_file(file_);
}

bool Reserve::has_room() const {
  return core::free_bytes(core::directory_of(file_)).value_or(0) >= 2 * size_bytes_;
}

bool Reserve::make() const {
  const core::Descriptor made = core::create_file(file_, kOwnerOnly);
  if (!made.is_open()) return false;
  if (core::take_room(made.get(), size_bytes_)) return true;
  core::remove_file(file_);
  return false;
}

}  // namespace sekisho::audit
