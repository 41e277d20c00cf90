// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a stream of JPEG or JPEG-LS is, what leaves of it is clean, and has no segment in which
// text could stand.
#include <algorithm>

#include "clean_twice.h"
#include "imaging/jpeg_segments.h"

namespace {

using namespace sekisho;
using namespace sekisho::imaging::jpeg;

/// The longest that an application segment can be: JFIF without a thumbnail.
constexpr std::uint64_t kLongestApplication = 18;

void look(core::ByteView clean) {
  const auto segments = std::get<std::vector<Segment>>(read_segments(clean));
  fuzz::require(segments.back().end == clean.size());
  std::uint64_t at = 0;
  for (const Segment& segment : segments) {
    fuzz::require(segment.begin == at);  // nothing lies between
    fuzz::require(segment.marker != kComment);
    if (segment.marker >= kFirstApplication && segment.marker <= kLastApplication) {
      fuzz::require(segment.end - segment.begin <= kLongestApplication);
    }
    at = std::max(segment.end, segment.coded_end);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = fuzz::frame_in({data, size});
  if (!frame) return 0;
  if (const auto clean = fuzz::clean_twice(imaging::clean_jpeg, *frame)) look(*clean);
  return 0;
}
