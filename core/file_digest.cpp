// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file_digest.h"

#include <cerrno>
#include <system_error>

#include "core/bytes.h"
#include "core/digest_stream.h"
#include "core/file.h"

namespace sekisho::core {

Sha256 sha256_of_file(const std::filesystem::path& file) {
  constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  const Descriptor in = open_to_read(file);
  Bytes chunk(kChunkBytes);
  DigestStream<sizeof(Sha256)> stream;
  for (std::size_t size = 1; size != 0;) {
    const auto got = in.is_open() ? read_some(in.get(), chunk) : std::nullopt;
    if (!got) throw std::system_error(errno, std::generic_category(), file.string());
    size = *got;
    stream.add(ByteView(chunk).first(size));
  }
  return stream.finish();
}

}  // namespace sekisho::core
