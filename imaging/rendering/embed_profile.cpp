// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/embed_profile.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace sekisho::imaging {
namespace {

using core::Bytes;
using core::ByteView;

void put(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put32(Bytes& out, std::uint32_t number) {
  for (int at = 24; at >= 0; at -= 8) out.push_back(static_cast<core::Byte>(number >> at & 0xFF));
}

}  // namespace

Bytes with_profile_in_jpeg(ByteView jpeg, ByteView profile) {
  constexpr std::string_view kName{"ICC_PROFILE\0", 12};
  constexpr std::size_t kMostInPiece = 65519;
  constexpr std::size_t kFirstSegment = 2;
  const std::size_t pieces = (profile.size() + kMostInPiece - 1) / kMostInPiece;
  if (jpeg.size() < 20 || jpeg[2] != 0xFF || jpeg[3] != 0xE0 || pieces > 255) {
    throw std::logic_error("no JFIF file, or a profile that it has no room for");
  }
  const std::size_t behind = kFirstSegment + 2 + (std::size_t{jpeg[4]} << 8 | jpeg[5]);
  Bytes out(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(behind));
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    const ByteView content = profile.subspan(
        piece * kMostInPiece, std::min(kMostInPiece, profile.size() - piece * kMostInPiece));
    const std::size_t length = 2 + kName.size() + 2 + content.size();
    for (const std::size_t byte :
         {std::size_t{0xFF}, std::size_t{0xE2}, length >> 8, length & 0xFF}) {
      out.push_back(static_cast<core::Byte>(byte));
    }
    put(out, core::as_bytes(kName));
    out.push_back(static_cast<core::Byte>(piece + 1));
    out.push_back(static_cast<core::Byte>(pieces));
    put(out, content);
  }
  put(out, jpeg.subspan(behind));
  return out;
}

Bytes with_profile_in_png(ByteView png, ByteView profile) {
  constexpr std::size_t kBehindHeader = 8 + 25;
  constexpr std::string_view kName{"ICC profile\0\0", 13};  // and the method of compression
  if (png.size() < kBehindHeader) throw std::logic_error("no PNG file");
  uLongf size = compressBound(static_cast<uLong>(profile.size()));
  Bytes packed(size);
  if (compress(packed.data(), &size, profile.data(), static_cast<uLong>(profile.size())) != Z_OK) {
    throw std::runtime_error("a profile cannot be compressed");
  }
  packed.resize(size);
  Bytes chunk;
  put(chunk, core::as_bytes("iCCP"));
  put(chunk, core::as_bytes(kName));
  put(chunk, packed);
  Bytes out(png.begin(), png.begin() + kBehindHeader);
  put32(out, static_cast<std::uint32_t>(chunk.size() - 4));
  put(out, chunk);
  put32(out, static_cast<std::uint32_t>(crc32(0, chunk.data(), static_cast<uInt>(chunk.size()))));
  put(out, png.subspan(kBehindHeader));
  return out;
}

}  // namespace sekisho::imaging
