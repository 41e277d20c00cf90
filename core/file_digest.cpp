// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file_digest.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/bytes.h"
#include "core/create.h"
#include "core/digest_stream.h"

namespace sekisho::core {

Sha256 sha256_of_file(const std::filesystem::path& file) {
  constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  Bytes chunk(kChunkBytes);
  DigestStream<sizeof(Sha256)> stream;
  for (ssize_t got = 1; got != 0;) {
    got = in.is_open() ? ::read(in.get(), chunk.data(), chunk.size()) : -1;
    if (got < 0) throw std::system_error(errno, std::generic_category(), file.string());
    stream.add(ByteView(chunk).first(static_cast<std::size_t>(got)));
  }
  return stream.finish();
}

}  // namespace sekisho::core
