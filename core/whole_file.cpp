// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/create.h"

namespace sekisho::core {
namespace {

/// Names the file without its directory: the text reaches staff and operators.
[[noreturn]] void fail(const std::filesystem::path& file, int error) {
  throw std::system_error(error, std::generic_category(), file.filename().string());
}

}  // namespace

std::optional<Secret> read_whole_file(const std::filesystem::path& file, std::size_t limit_bytes) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (in.get() < 0 && errno == ENOENT) return std::nullopt;
  if (in.get() < 0) fail(file, errno);
  Bytes content(limit_bytes + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(in.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(file, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit_bytes) fail(file, EFBIG);
  content.resize(size);
  return Secret(std::move(content));
}

}  // namespace sekisho::core
