// SPDX-License-Identifier: GPL-3.0-or-later
#include "streams.h"

namespace sekisho::imaging::tests {
namespace {

Bytes little32(std::size_t number) {
  return {static_cast<Byte>(number), static_cast<Byte>(number >> 8U),
          static_cast<Byte>(number >> 16U), static_cast<Byte>(number >> 24U)};
}

/// The header and the segments, each as it is given.
Bytes rle(const std::vector<Bytes>& segments, const Bytes& between = {}) {
  Bytes stream = little32(segments.size());
  std::size_t at = 64 + between.size();
  for (const Bytes& each : segments) {
    stream = joined({stream, little32(at)});
    at += each.size() + between.size();
  }
  stream.resize(64);
  for (const Bytes& each : segments) stream = joined({stream, between, each});
  return stream;
}

/// 12 bytes: ten alike, two as they are; and padding.
const Bytes kSegment = {0xF7, 0x55, 0x01, 0x11, 0x22, 0x00};
const PixelLayout kGrey = layout_of(3, 4, 8);

TEST(CleanRle, LeavesACleanStreamAsItIs) {
  EXPECT_EQ(cleaned(clean_rle, rle({kSegment}), kGrey), rle({kSegment}));
  const auto clean = clean_rle(rle({kSegment}), kGrey);
  EXPECT_EQ(std::get<CleanStream>(clean).edits.parts().size(), 1U);
}

TEST(CleanRle, LeavesOutWhatFollowsTheLastRunOfASegment) {
  EXPECT_EQ(cleaned(clean_rle, rle({joined({kSegment, canary()})}), kGrey), rle({kSegment}));
  PixelLayout colour = kGrey;
  colour.samples = 3;
  const Bytes wordy = joined({kSegment, canary()});
  EXPECT_EQ(cleaned(clean_rle, rle({wordy, wordy, wordy}), colour),
            rle({kSegment, kSegment, kSegment}));
  Bytes padded = kSegment;
  padded.back() = 'C';
  EXPECT_EQ(cleaned(clean_rle, rle({padded}), kGrey), rle({kSegment}));
}

TEST(CleanRle, LeavesOutWhatIsBetweenTheHeaderAndTheSegments) {
  EXPECT_EQ(cleaned(clean_rle, rle({kSegment}, canary()), kGrey), rle({kSegment}));
  PixelLayout deep = layout_of(3, 4, 16);
  EXPECT_EQ(cleaned(clean_rle, rle({kSegment, kSegment}, canary()), deep),
            rle({kSegment, kSegment}));
}

TEST(CleanRle, ClearsOffsetsOfSegmentsThatThereAreNot) {
  Bytes stream = rle({kSegment});
  std::ranges::copy(canary(), stream.begin() + 20);
  EXPECT_EQ(cleaned(clean_rle, stream, kGrey), rle({kSegment}));
}

TEST(CleanRle, ShortensARunThatGoesBeyondTheFrame) {
  // Ten alike, and a run of which two bytes are pixels.
  const Bytes beyond =
      joined({{0xF7, 0x55, static_cast<Byte>(1 + kCanary.size()), 0x11, 0x22}, canary()});
  EXPECT_EQ(cleaned(clean_rle, rle({beyond}), kGrey), rle({kSegment}));
  const Bytes too_many = {0xE0, 0x55};
  const Bytes twelve = {0xF5, 0x55};
  EXPECT_EQ(cleaned(clean_rle, rle({too_many}), kGrey), rle({twelve}));
}

TEST(CleanRle, RefusesSegmentsThatAreNotThoseOfTheFrame) {
  EXPECT_EQ(cleaned(clean_rle, rle({kSegment, canary()}), kGrey), Bytes());
  EXPECT_EQ(cleaned(clean_rle, rle({{0x00, 0x11}}), kGrey), Bytes());
  EXPECT_EQ(cleaned(clean_rle, rle({}), kGrey), Bytes());
  const Bytes whole = rle({kSegment});
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(cleaned(clean_rle, cut, kGrey), Bytes()) << size;
  }
}

TEST(CleanRle, ClearsBitsAboveTheStoredOnes) {
  PixelLayout layout = layout_of(3, 4, 16);
  layout.high_bit = 11;
  const Bytes high = {0xF7, 0x5A, 0x01, 0xF1, 0x82, 0x00};
  const Bytes clear = {0xF7, 0x0A, 0x01, 0x01, 0x02, 0x00};
  EXPECT_EQ(cleaned(clean_rle, rle({high, kSegment}), layout), rle({clear, kSegment}));
  layout.is_signed = true;  // bit 3 of the byte is the sign
  const Bytes extended = {0xF7, 0xFA, 0x01, 0x01, 0x02, 0x00};
  EXPECT_EQ(cleaned(clean_rle, rle({high, kSegment}), layout), rle({extended, kSegment}));
}

TEST(CleanUncompressed, KeepsTheFrameAlone) {
  Bytes frame(12, 0x31);
  EXPECT_EQ(cleaned(clean_uncompressed, joined({frame, canary()}), kGrey), frame);
  PixelLayout layout = kGrey;
  layout.high_bit = 3;
  EXPECT_EQ(cleaned(clean_uncompressed, frame, layout), Bytes(12, 0x01));
  frame.pop_back();
  EXPECT_EQ(cleaned(clean_uncompressed, frame, kGrey), Bytes());
}

}  // namespace
}  // namespace sekisho::imaging::tests
