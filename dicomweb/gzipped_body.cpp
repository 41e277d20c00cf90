// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/gzipped_body.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "core/letter_case.h"

namespace sekisho::dicomweb {
namespace {

constexpr std::size_t kInputBytes = 64 * 1024;
constexpr std::uint64_t kMostOutputBytes = 16U << 20U;  // of one step: a hundredth of a second
constexpr std::uint64_t kFirstOutputBytes = 256 * 1024;
/// Deflate shrinks to a 1032nd at best.
constexpr std::uint64_t kMostInflation = 1100;
/// zlib's sign for gzip and nothing else.
constexpr int kGzipWindowBits = 15 + 16;

struct EndInflate {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

}  // namespace

bool is_gzip(std::string_view content_encoding) {
  return core::equal_but_for_case(content_encoding, "gzip") ||
         core::equal_but_for_case(content_encoding, "x-gzip");
}

std::variant<core::StoredFile, GzipProblem> gunzip(const core::StoredFile& body,
                                                   std::uint64_t most_bytes,
                                                   core::MemoryBudget& budget,
                                                   core::MemoryBudget::Taken& memory,
                                                   const core::Demand& demand) {
  z_stream stream{};
  if (inflateInit2(&stream, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, EndInflate> ends_with_scope(&stream);

  const std::uint64_t size = body.size_bytes();
  const std::uint64_t most = std::min(most_bytes, size * kMostInflation);
  memory = budget.take(2 * most, demand);  // twice while it grows
  core::Bytes input(kInputBytes);
  core::Bytes output(std::min(kFirstOutputBytes, most));
  std::uint64_t at = 0;
  std::uint64_t produced = 0;
  for (;;) {
    demand.ask();
    if (stream.avail_in == 0) {
      const std::uint64_t piece = std::min<std::uint64_t>(input.size(), size - at);
      if (piece == 0) return GzipProblem::malformed;
      body.read(at, std::span(input).first(piece));
      at += piece;
      stream.next_in = input.data();
      stream.avail_in = static_cast<uInt>(piece);
    }
    if (produced == output.size() && produced < most) {
      output.resize(std::min(2 * produced, most));
    }
    // One byte more than there may be tells what is too large from what ends here.
    core::Byte beyond = 0;
    const std::uint64_t room = output.size() - produced;
    stream.next_out = room == 0 ? &beyond : output.data() + produced;
    const auto offered =
        static_cast<uInt>(room == 0 ? 1 : std::min<std::uint64_t>(room, kMostOutputBytes));
    stream.avail_out = offered;
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    const uInt written = offered - stream.avail_out;
    if (room == 0 && written > 0) return GzipProblem::too_large;
    produced += written;
    if (status == Z_STREAM_END) {
      if (stream.avail_in == 0 && at == size) break;
      inflateReset(&stream);  // RFC 1952 §2.2: another member
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      return GzipProblem::malformed;
    }
  }
  output.resize(produced);
  memory.shrink(output.capacity());
  return core::StoredFile::in_memory(std::move(output));
}

}  // namespace sekisho::dicomweb
