// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/backup/data_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include "audit/error.h"
#include "core/create.h"

namespace sekisho::audit {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace

void copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  const core::Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!in.is_open()) fail(from);
  const core::Descriptor out = core::create_file(to, 0600);
  if (!out.is_open()) fail(to);
  std::vector<char> chunk(kChunkBytes);
  for (;;) {
    const ssize_t got = ::read(in.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(from);
    if (got == 0) break;
    const std::string_view content(chunk.data(), static_cast<std::size_t>(got));
    if (!core::write_whole(out.get(), content)) fail(to);
  }
  if (::fsync(out.get()) != 0) fail(to);
}

void sync_file(const std::filesystem::path& file) {
  const core::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened.is_open() || ::fsync(opened.get()) != 0) fail(file);
}

std::string read_verifier_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw AuditError("cannot read the key " + file.string());
  return line;
}

}  // namespace sekisho::audit
