// SPDX-License-Identifier: GPL-3.0-or-later
#include "streams.h"

namespace sekisho::imaging::tests {
namespace {

const Bytes kStart = {0xFF, 0xD8};
const Bytes kEnd = {0xFF, 0xD9};

/// Class and number, one code of one bit, and its value.
Bytes huffman(Byte id, Byte value) {
  Bytes table(17, 0);
  table[0] = id;
  table[1] = 1;
  table.push_back(value);
  return table;
}
Bytes quantization(Byte id) {
  Bytes table(65, 1);
  table[0] = id;
  return table;
}
Bytes frame(unsigned marker, Byte rows, Byte columns, Byte precision = 8) {
  return segment(marker, {precision, 0, rows, 0, columns, 1, 1, 0x11, 0});
}
Bytes scan(const Bytes& parameters) { return segment(0xFFDA, joined({{1, 1, 0}, parameters})); }

const Bytes kSequentialScan = scan({0, 63, 0});
const Bytes kLosslessScan = scan({1, 0, 0});
const Bytes kTables = joined(
    {segment(0xFFDB, quantization(0)), segment(0xFFC4, joined({huffman(0, 0), huffman(0x10, 0)}))});

/// 8 × 16 grey pixels: two blocks of two bits each, the rest of the byte ones.
const Bytes kTwoBlocks = {0x0F};
Bytes baseline(const Bytes& before_frame = {}, const Bytes& before_scan = {},
               const Bytes& after_data = {}, const Bytes& after_end = {}) {
  return joined({kStart, before_frame, kTables, frame(0xFFC0, 8, 16), before_scan, kSequentialScan,
                 kTwoBlocks, after_data, kEnd, after_end});
}
const PixelLayout kBaselineLayout = layout_of(8, 16, 8);

/// 2 × 8 samples of one bit each.
Bytes lossless(const Bytes& after_data = {}, Byte precision = 16) {
  return joined({kStart,
                 segment(0xFFC4, huffman(0, 0)),
                 frame(0xFFC3, 2, 8, precision),
                 kLosslessScan,
                 {0x00, 0x00},
                 after_data,
                 kEnd});
}
const PixelLayout kLosslessLayout = layout_of(2, 8, 16);

Bytes jpeg_ls(const Bytes& before_scan = {}, const Bytes& after_end = {}) {
  return joined({kStart,
                 frame(0xFFF7, 8, 16),
                 before_scan,
                 scan({0, 0, 0}),
                 {0x12, 0xFF, 0x7F, 0x34},
                 kEnd,
                 after_end});
}

TEST(CleanJpeg, LeavesACleanStreamAsItIs) {
  EXPECT_EQ(cleaned(clean_jpeg, baseline(), kBaselineLayout), baseline());
  EXPECT_EQ(cleaned(clean_jpeg, lossless(), kLosslessLayout), lossless());
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(), kBaselineLayout), jpeg_ls());
  const auto one_part = clean_jpeg(baseline(), kBaselineLayout);
  EXPECT_EQ(std::get<CleanStream>(one_part).edits.parts().size(), 1U);
}

TEST(CleanJpeg, LeavesOutCommentsAndApplicationSegments) {
  std::vector<Bytes> planted = {segment(0xFFFE, canary())};
  for (unsigned marker = 0xFFE0; marker <= 0xFFEF; ++marker) {
    planted.push_back(segment(marker, canary()));
    planted.push_back(segment(marker, joined({text("JFIF?"), canary()})));
    planted.push_back(segment(marker, joined({text("Exif"), {0, 0}, kStart, canary(), kEnd})));
  }
  for (const Bytes& each : planted) {
    EXPECT_EQ(cleaned(clean_jpeg, baseline(each), kBaselineLayout), baseline());
    EXPECT_EQ(cleaned(clean_jpeg, baseline({}, each), kBaselineLayout), baseline());
    EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, each), kBaselineLayout), baseline());
    EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(each), kBaselineLayout), jpeg_ls());
  }
}

TEST(CleanJpeg, KeepsOfJfifAndAdobeWhatDecodersNeed) {
  const Bytes jfif = segment(0xFFE0, joined({text("JFIF"), {0, 1, 1, 0, 0, 1, 0, 1, 0, 0}}));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(jfif), kBaselineLayout), baseline(jfif));
  // Densities, a thumbnail, and bytes behind the fields.
  const Bytes thumbnail =
      segment(0xFFE0, joined({text("JFIF"), {0, 1, 2, 2, 'T', 'A', 'R', 'O', 1, 4}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(thumbnail), kBaselineLayout), baseline(jfif));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(joined({jfif, thumbnail})), kBaselineLayout),
            baseline(jfif));
  const Bytes adobe = segment(0xFFEE, joined({text("Adobe"), {0, 100, 0, 0, 0, 0, 1}}));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(adobe), kBaselineLayout), baseline(adobe));
  const Bytes wordy = segment(0xFFEE, joined({text("AdobeTAROYA"), {1}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(wordy), kBaselineLayout), baseline(adobe));
}

TEST(CleanJpeg, KeepsTheColourTransformOfJpegLsInItsExactForm) {
  const Bytes transform = segment(0xFFE8, joined({text("mrfx"), {1}}));
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(transform), kBaselineLayout), jpeg_ls(transform));
  EXPECT_EQ(cleaned(clean_jpeg, baseline(transform), kBaselineLayout), baseline());
  const Bytes longer = segment(0xFFE8, joined({text("mrfx"), {1}, canary()}));
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(longer), kBaselineLayout), jpeg_ls());
}

TEST(CleanJpeg, SaysOfSequentialScansWhatTheyAllHave) {
  const auto with = [](const Bytes& parameters) {
    return joined({kStart, kTables, frame(0xFFC0, 8, 16), scan(parameters), kTwoBlocks, kEnd});
  };
  EXPECT_EQ(cleaned(clean_jpeg, with({'T', 'A', 'R'}), kBaselineLayout), with({0, 63, 0}));
  EXPECT_EQ(cleaned(clean_jpeg, with({0, 0, 0}), kBaselineLayout), with({0, 63, 0}));
}

TEST(CleanJpeg, LeavesOutWhatFollowsTheEnd) {
  EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, {}, canary()), kBaselineLayout), baseline());
  EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, {}, baseline()), kBaselineLayout), baseline());
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls({}, canary()), kBaselineLayout), jpeg_ls());
}

TEST(CleanJpeg, LeavesOutWhatFollowsTheLastCode) {
  EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, canary()), kBaselineLayout), baseline());
  const Bytes stuffed = joined({canary(), {0xFF, 0x00}, canary()});
  EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, stuffed), kBaselineLayout), baseline());
  EXPECT_EQ(cleaned(clean_jpeg, lossless(canary()), kLosslessLayout), lossless());
}

TEST(CleanJpeg, LeavesOutFillBytes) {
  const Bytes fill(7, 0xFF);
  EXPECT_EQ(cleaned(clean_jpeg, baseline(fill, fill, fill), kBaselineLayout), baseline());
}

TEST(CleanJpeg, LeavesOutTablesThatNoScanUses) {
  Bytes unused = quantization(3);
  std::ranges::copy(canary(), unused.begin() + 10);
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFDB, unused)), kBaselineLayout), baseline());
  // One that another takes the place of before it was used, and one beside a used one.
  unused[0] = 0;
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFDB, unused)), kBaselineLayout), baseline());
  unused[0] = 2;
  const Bytes beside = joined({kStart, segment(0xFFDB, joined({unused, quantization(0)})),
                               segment(0xFFC4, joined({huffman(0, 0), huffman(0x10, 0)})),
                               frame(0xFFC0, 8, 16), kSequentialScan, kTwoBlocks, kEnd});
  EXPECT_EQ(cleaned(clean_jpeg, beside, kBaselineLayout), baseline());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFC4, huffman(0x13, 'A'))), kBaselineLayout),
            baseline());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFDD, {'H', 'I'}), segment(0xFFDD, {0, 0})),
                    kBaselineLayout),
            baseline({}, segment(0xFFDD, {0, 0})));
}

TEST(CleanJpeg, RefusesTablesThatAreLongerThanTheirContent) {
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFDB, joined({quantization(0), canary()}))),
                    kBaselineLayout),
            Bytes());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFC4, joined({huffman(0, 0), canary()}))),
                    kBaselineLayout),
            Bytes());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(0xFFDD, {0, 0, 'X'})), kBaselineLayout), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(segment(0xFFF8, joined({{1}, canary(), canary()}))),
                    kBaselineLayout),
            Bytes());
}

TEST(CleanJpeg, ReadsRestartIntervals) {
  const Bytes interval = segment(0xFFDD, {0, 1});
  const auto stream = [&](const Bytes& hidden, Byte restart) {
    return joined({kStart,
                   kTables,
                   frame(0xFFC0, 8, 16),
                   interval,
                   kSequentialScan,
                   {0x3F},
                   hidden,
                   {0xFF, restart, 0x3F},
                   hidden,
                   kEnd});
  };
  EXPECT_EQ(cleaned(clean_jpeg, stream({}, 0xD0), kBaselineLayout), stream({}, 0xD0));
  EXPECT_EQ(cleaned(clean_jpeg, stream(canary(), 0xD0), kBaselineLayout), stream({}, 0xD0));
  EXPECT_EQ(cleaned(clean_jpeg, stream({}, 0xD1), kBaselineLayout), Bytes());
  // Where no interval was announced.
  EXPECT_EQ(cleaned(clean_jpeg, baseline({}, {}, {0xFF, 0xD0, 'H', 'I'}), kBaselineLayout),
            Bytes());
}

TEST(CleanJpeg, RefusesWhatItDoesNotKnow) {
  for (const unsigned marker : {0xFFC2, 0xFFC5, 0xFFC8, 0xFFC9, 0xFFCC, 0xFFDC, 0xFFDE, 0xFFDF,
                                0xFF01, 0xFF02, 0xFFF0, 0xFFF6, 0xFFF9, 0xFFFD}) {
    EXPECT_EQ(cleaned(clean_jpeg, baseline(segment(marker, canary())), kBaselineLayout), Bytes())
        << marker;
  }
  EXPECT_EQ(cleaned(clean_jpeg, joined({canary(), baseline()}), kBaselineLayout), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(canary()), kBaselineLayout), Bytes());
  EXPECT_EQ(
      cleaned(clean_jpeg, jpeg_ls(segment(0xFFF8, joined({{2, 0, 1}, canary()}))), kBaselineLayout),
      jpeg_ls());
  EXPECT_EQ(cleaned(clean_jpeg, jpeg_ls(segment(0xFFF8, joined({{4}, canary()}))), kBaselineLayout),
            Bytes());
}

TEST(CleanJpeg, RefusesAPictureThatIsNotTheDeclaredOne) {
  EXPECT_EQ(cleaned(clean_jpeg, baseline(), layout_of(8, 8, 8)), Bytes());
  EXPECT_EQ(cleaned(clean_jpeg, baseline(), layout_of(4, 16, 8)), Bytes());
  PixelLayout colour = kBaselineLayout;
  colour.samples = 3;
  EXPECT_EQ(cleaned(clean_jpeg, baseline(), colour), Bytes());
}

TEST(CleanJpeg, RefusesStreamsThatAreCutShort) {
  const Bytes whole = baseline(segment(0xFFFE, canary()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(cleaned(clean_jpeg, cut, kBaselineLayout), Bytes()) << size;
  }
}

TEST(CleanJpeg, TellsThatBitsAboveTheStoredOnesMayBeUsed) {
  PixelLayout layout = kLosslessLayout;
  layout.high_bit = 11;
  EXPECT_TRUE(std::get<CleanStream>(clean_jpeg(lossless(), layout)).may_use_other_bits);
  EXPECT_FALSE(std::get<CleanStream>(clean_jpeg(lossless({}, 12), layout)).may_use_other_bits);
  layout.high_bit = 15;
  layout.low_bit = 4;
  EXPECT_TRUE(std::get<CleanStream>(clean_jpeg(lossless({}, 12), layout)).may_use_other_bits);
}

}  // namespace
}  // namespace sekisho::imaging::tests
