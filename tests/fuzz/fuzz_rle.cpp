// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever an RLE stream or a frame in a fragment is, what leaves of it is clean, and no longer.
#include "clean_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const auto frame = fuzz::frame_in({data, size});
  if (!frame) return 0;
  // A segment of odd length gets a byte of padding.
  constexpr std::size_t kMostPadding = 15;
  if (const auto clean = fuzz::clean_twice(imaging::clean_rle, *frame)) {
    fuzz::require(clean->size() <= frame->stream.size() + kMostPadding);
  }
  if (const auto clean = fuzz::clean_twice(imaging::clean_uncompressed, *frame)) {
    fuzz::require(clean->size() <= frame->stream.size());
  }
  return 0;
}
