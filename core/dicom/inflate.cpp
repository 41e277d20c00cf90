// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>

namespace sekisho::core::dicom {
namespace {

constexpr std::size_t kInputBytes = 64 * 1024;
constexpr std::uint64_t kMostOutputBytes = 16U << 20U;  // of one step: a hundredth of a second
constexpr std::size_t kFirstOutputBytes = 256 * 1024;
/// PS3.5 §A.5 pads with one NUL; some writers leave the eight bytes of gzip's trailer behind.
constexpr std::uint64_t kToleratedBytes = 8;
/// zlib's sign for raw deflate, without a header of its own.
constexpr int kRawWindowBits = -15;

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

std::variant<Bytes, Defect> inflate(const StoredFile& file, std::uint64_t begin,
                                    std::uint64_t& bytes_left, const Demand& demand) {
  z_stream stream{};
  if (inflateInit2(&stream, kRawWindowBits) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndInflate> ends_with_scope(&stream);

  Bytes input(kInputBytes);
  Bytes output(std::min<std::uint64_t>(kFirstOutputBytes, bytes_left));
  std::uint64_t at = begin;
  std::uint64_t produced = 0;
  const std::uint64_t limit_bytes = bytes_left;
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    demand.ask();
    if (stream.avail_in == 0) {
      const std::uint64_t size = std::min<std::uint64_t>(input.size(), file.size_bytes() - at);
      if (size == 0) return Defect{at, "the deflated data set is cut short"};
      file.read(at, std::span(input).first(size));
      at += size;
      stream.next_in = input.data();
      stream.avail_in = static_cast<uInt>(size);
    }
    if (produced == output.size()) {
      if (produced == limit_bytes) return Defect{at, "the inflated data set is too large"};
      output.resize(std::min<std::uint64_t>(2 * produced, limit_bytes));
    }
    const std::uint64_t room = output.size() - produced;
    stream.next_out = output.data() + produced;
    stream.avail_out = static_cast<uInt>(std::min<std::uint64_t>(room, kMostOutputBytes));
    const uInt offered = stream.avail_out;
    status = ::inflate(&stream, Z_NO_FLUSH);
    produced += offered - stream.avail_out;
    bytes_left = limit_bytes - produced;
    // Z_BUF_ERROR only says that input or output ran out: both are renewed above.
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      return Defect{at - stream.avail_in, "the data set is not deflated as its syntax says"};
    }
  }
  if (file.size_bytes() - at + stream.avail_in > kToleratedBytes) {
    return Defect{at - stream.avail_in, "bytes follow the deflated data set"};
  }
  output.resize(produced);
  return output;
}

}  // namespace sekisho::core::dicom
