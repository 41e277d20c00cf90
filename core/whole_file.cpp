// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/whole_file.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

#include "core/file.h"

namespace sekisho::core {
namespace {

/// Names the file without its directory: the text reaches staff and operators.
[[noreturn]] void fail(const std::filesystem::path& file, int error) {
  throw std::system_error(error, std::generic_category(), file.filename().string());
}

}  // namespace

std::optional<Secret> read_whole_file(const std::filesystem::path& file, std::size_t limit_bytes) {
  const Descriptor in = open_to_read(file);
  if (in.get() < 0 && errno == ENOENT) return std::nullopt;
  if (in.get() < 0) fail(file, errno);
  Bytes content(limit_bytes + 1);
  std::size_t size = 0;
  while (size < content.size()) {
    const auto got = read_some(in.get(), std::span(content).subspan(size));
    if (!got) fail(file, errno);
    if (*got == 0) break;
    size += *got;
  }
  if (size > limit_bytes) fail(file, EFBIG);
  content.resize(size);
  return Secret(std::move(content));
}

Secret read_first_line(const std::filesystem::path& file, std::size_t limit_bytes) {
  const auto content = read_whole_file(file, limit_bytes);
  if (!content) fail(file, ENOENT);
  const ByteView bytes = content->view();
  const auto end = std::ranges::find_if(bytes, [](Byte b) { return b == '\n' || b == '\r'; });
  return Secret(Bytes(bytes.begin(), end));
}

}  // namespace sekisho::core
