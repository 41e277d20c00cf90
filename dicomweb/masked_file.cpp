// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/masked_file.h"

#include <algorithm>

namespace sekisho::dicomweb {
namespace {

void copy(core::ByteView from, std::uint64_t offset, std::span<core::Byte> out) {
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
}

}  // namespace

void read_file(const anonymization::Masked& file, std::uint64_t offset, std::span<core::Byte> out) {
  const std::uint64_t pixels = file.head().size();
  const std::uint64_t tail = pixels + file.pixel_size();
  while (!out.empty()) {
    const std::uint64_t end = offset < pixels ? pixels : offset < tail ? tail : file.size_bytes();
    const auto part =
        out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), end - offset)));
    if (offset < pixels) {
      copy(file.head(), offset, part);
    } else if (offset < tail) {
      file.pixels().read(offset - pixels, part);
    } else {
      copy(file.tail(), offset - tail, part);
    }
    offset += part.size();
    out = out.subspan(part.size());
  }
}

}  // namespace sekisho::dicomweb
