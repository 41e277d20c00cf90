// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/file.h"

namespace sekisho::http {
namespace {

/// Where the file system has no files without a name: overlayfs before Linux 6.1.
int open_and_unlink(const std::filesystem::path& directory) {
  std::string name = (directory / ".body-XXXXXX").string();
  const int file = ::mkostemp(name.data(), O_CLOEXEC);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

}  // namespace

Spool::Spool(std::filesystem::path directory, const Limits& limits)
    : directory_(std::move(directory)),
      most_bytes_(limits.spool_bytes),
      most_bytes_per_sender_(limits.spool_bytes_per_recipient),
      bytes_left_free_(limits.spool_bytes_left_free) {}

bool Spool::take(const std::string& sender, std::uint64_t bytes) {
  const std::uint64_t free = free_bytes();
  const core::MutexLock lock(mutex_);
  const auto own = taken_.find(sender);
  const std::uint64_t taken = own == taken_.end() ? 0 : own->second;
  if (bytes > most_bytes_ - all_taken_ || taken + bytes > most_bytes_per_sender_ ||
      bytes + unwritten_ + bytes_left_free_ > free) {
    return false;
  }
  taken_[sender] = taken + bytes;
  all_taken_ += bytes;
  unwritten_ += bytes;
  return true;
}

void Spool::wrote(std::uint64_t bytes) {
  const core::MutexLock lock(mutex_);
  unwritten_ -= bytes;
}

void Spool::give_back(const std::string& sender, std::uint64_t taken, std::uint64_t unwritten) {
  const core::MutexLock lock(mutex_);
  all_taken_ -= taken;
  unwritten_ -= unwritten;
  const auto own = taken_.find(sender);
  own->second -= taken;
  if (own->second == 0) taken_.erase(own);
}

std::uint64_t Spool::free_bytes() const {
  if (const auto free = core::free_bytes(directory_)) return *free;
  throw std::system_error(errno, std::generic_category(), "a request's body cannot be put aside");
}

Spool::Place::Place(Spool& spool, std::string sender)
    : spool_(&spool), sender_(std::move(sender)) {}

Spool::Place::~Place() {
  if (spool_ != nullptr && taken_ > 0) spool_->give_back(sender_, taken_, taken_ - written_);
}

Spool::Place::Place(Place&& other) noexcept
    : spool_(std::exchange(other.spool_, nullptr)),
      sender_(std::move(other.sender_)),
      taken_(other.taken_),
      written_(other.written_) {}

bool Spool::Place::take(std::uint64_t bytes) {
  if (bytes <= taken_) return true;
  if (!spool_->take(sender_, bytes - taken_)) return false;
  taken_ = bytes;
  return true;
}

void Spool::Place::wrote(std::uint64_t bytes) {
  spool_->wrote(bytes);
  written_ += bytes;
}

int Spool::Place::open_file() const {
  const std::filesystem::path& directory = spool_->directory_;
  int file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) file = open_and_unlink(directory);
  if (file < 0) {
    throw std::system_error(errno, std::generic_category(), "a request's body cannot be put aside");
  }
  return file;
}

}  // namespace sekisho::http
