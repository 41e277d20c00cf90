// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a stream of JPEG 2000 or a JP2 file is, what leaves of it is a clean code stream, from
// its start to its end.
#include "clean_twice.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const auto frame = fuzz::frame_in({data, size});
  if (!frame) return 0;
  const auto clean = fuzz::clean_twice(imaging::clean_jpeg_2000, *frame);
  if (!clean) return 0;
  fuzz::require(clean->size() > 4 && (*clean)[0] == 0xFF && (*clean)[1] == 0x4F);
  fuzz::require((*clean)[clean->size() - 2] == 0xFF && clean->back() == 0xD9);
  return 0;
}
