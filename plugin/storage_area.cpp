// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/storage_area.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace sekisho::plugin {
namespace {

constexpr std::size_t kUuidCharacters = 36;

/// A revision that Orthanc named itself; nothing else becomes a path.
bool is_uuid(std::string_view text) {
  return text.size() == kUuidCharacters && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
         });
}

}  // namespace

std::optional<core::StoredFile> StorageArea::open(std::string_view uuid,
                                                  std::uint64_t size_bytes) const {
  if (!is_uuid(uuid)) return std::nullopt;
  const std::filesystem::path file = root_ / uuid.substr(0, 2) / uuid.substr(2, 2) / uuid;
  // O_NONBLOCK: a FIFO in this place must not hold a worker.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return std::nullopt;
  struct stat status{};
  const bool as_listed = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
                         static_cast<std::uint64_t>(status.st_size) == size_bytes;
  if (!as_listed) {
    ::close(descriptor);
    return std::nullopt;
  }
  return core::StoredFile::on_disk(descriptor);
}

}  // namespace sekisho::plugin
