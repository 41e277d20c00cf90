// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/decoders/decoded_pixels.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "core/store_error.h"
#include "files.h"
#include "support/sample_files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kPixelData;

constexpr std::string_view kRle = "1.2.840.10008.1.2.5";

using Found = std::variant<DecodedPixels, Refusal>;

Found decoded(const CheckedFile& file, core::MemoryBudget::Taken* memory = nullptr) {
  const auto& syntax = file.transfer_syntax();
  return decoded_pixels(stored_pixels(file), {file.header(), syntax.vr, syntax.order}, syntax, {},
                        memory);
}

std::optional<CheckedFile> sample(std::string_view name) {
  for (const auto& path : sekisho::tests::sample_files()) {
    if (path.filename() != name) continue;
    auto file = CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    if (std::holds_alternative<CheckedFile>(file)) return std::get<CheckedFile>(std::move(file));
  }
  return std::nullopt;
}

/// PS3.5 §G.5: of segments of literal runs.
Bytes rle(const std::vector<Bytes>& segments) {
  Bytes head(64);
  head[0] = static_cast<Byte>(segments.size());
  Bytes data;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    head[4 + 4 * i] = static_cast<Byte>(head.size() + data.size());
    data.push_back(static_cast<Byte>(segments[i].size() - 1));
    data.insert(data.end(), segments[i].begin(), segments[i].end());
  }
  if (data.size() % 2 != 0) data.push_back(0);
  return joined({head, data});
}

CheckedFile rle_file(const std::vector<Bytes>& frames, std::uint16_t columns) {
  const std::string count = std::to_string(frames.size());
  std::vector<Bytes> streams;
  for (const Bytes& frame : frames) streams.push_back(frame.empty() ? Bytes(64) : rle({frame}));
  return checked(head_of({.syntax = kRle, .rows = 1, .columns = columns, .frames = count})
                     .encapsulated(kPixelData, streams));
}

TEST(DecodedPixels, AreAnElementOfExplicitVrLittleEndianWithPadding) {
  const Found found = decoded(rle_file({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 3));
  const auto& pixels = std::get<DecodedPixels>(found).pixels;
  const Bytes expected = element(kPixelData, Vr::OB, {1, 2, 3, 4, 5, 6, 7, 8, 9, 0});
  EXPECT_EQ(pixels.size_bytes(), expected.size());
  EXPECT_EQ(bytes_of(pixels), expected);
  // From behind, and in pieces that lie across frames.
  for (const std::size_t piece : {1U, 4U, 5U}) {
    for (std::size_t at = expected.size(); at-- > 0;) {
      Bytes part(std::min(piece, expected.size() - at));
      pixels.read(at, part);
      const auto from = expected.begin() + static_cast<std::ptrdiff_t>(at);
      EXPECT_EQ(part, Bytes(from, from + static_cast<std::ptrdiff_t>(part.size())));
    }
  }
  EXPECT_FALSE(pixels.range_at(12)) << "nothing of it is the file's";
}

TEST(DecodedPixels, ADamagedFrameIsFoundBeforeAnyIsRead) {
  for (const auto& frames : std::vector<std::vector<Bytes>>{{{}, {4, 5}}, {{1, 2}, {}, {7, 8}}}) {
    EXPECT_EQ(std::get<Refusal>(decoded(rle_file(frames, 2))), Refusal::malformed);
  }
}

/// 32 MiB of one byte in runs of 128 (PS3.5 §G.3.2).
Bytes large_stream() {
  Bytes stream(64);
  stream[0] = 1;
  stream[4] = 64;
  for (int i = 0; i < 262'144; ++i) stream.insert(stream.end(), {Byte{129}, Byte{7}});
  return stream;
}

TEST(DecodedPixels, OneBehindManyIsFoundWhereItsTurnComes) {
  constexpr std::uint64_t kFrameBytes = 32ULL << 20;
  const Bytes sound = large_stream();
  const auto file = [&](const std::vector<Bytes>& streams) {
    return checked(head_of({.syntax = kRle, .rows = 4096, .columns = 8192, .frames = "4"})
                       .encapsulated(kPixelData, streams));
  };
  EXPECT_EQ(std::get<Refusal>(decoded(file({sound, Bytes(64), sound, sound}))), Refusal::malformed);
  const Found found = decoded(file({sound, sound, Bytes(64), sound}));
  const auto& pixels = std::get<DecodedPixels>(found).pixels;
  Bytes two(2);
  pixels.read(12 + kFrameBytes, two);
  EXPECT_EQ(two, (Bytes{7, 7}));
  EXPECT_THROW(pixels.read(12 + 2 * kFrameBytes, two), core::StoreError);
  EXPECT_THROW(pixels.read(12 + 2 * kFrameBytes, two), core::StoreError) << "again";
  pixels.read(12 + 3 * kFrameBytes, two);
  EXPECT_EQ(two, (Bytes{7, 7}));
}

TEST(DecodedPixels, OneFrameIsTakenFromTheBudgetAndNotAll) {
  // 2000 × 1000 bytes in runs of 125 (PS3.5 §G.3.2), 20 frames.
  Bytes stream(64);
  stream[0] = 1;
  stream[4] = 64;
  for (int i = 0; i < 16'000; ++i) stream.insert(stream.end(), {Byte{132}, Byte{7}});
  const auto file = checked(head_of({.syntax = kRle, .rows = 2000, .columns = 1000, .frames = "20"})
                                .encapsulated(kPixelData, std::vector<Bytes>(20, stream)));
  core::MemoryBudget budget(30'000'000, std::chrono::milliseconds(1));
  auto memory = budget.take(0);
  const Found found = decoded(file, &memory);
  const auto& pixels = std::get<DecodedPixels>(found).pixels;
  EXPECT_EQ(pixels.size_bytes(), 12U + 40'000'000U);
  EXPECT_EQ(memory.bytes(), pixels.made_bytes() - 12);
  EXPECT_LT(memory.bytes(), 25'000'000U);
  Bytes last(4);
  pixels.read(40'000'008, last);
  EXPECT_EQ(last, Bytes(4, 7));
}

// The same images, compressed by others and not.
TEST(DecodedPixels, OfLosslessCompressionAreTheOriginalBitForBit) {
  struct Pair {
    const char* compressed;
    const char* native;
  };
  int compared = 0;
  for (const Pair& pair :
       {Pair{"MR_small_RLE.dcm", "MR_small.dcm"}, Pair{"MR_small_jp2klossless.dcm", "MR_small.dcm"},
        Pair{"MR_small_jpeg_ls_lossless.dcm", "MR_small.dcm"}}) {
    const auto compressed = sample(pair.compressed);
    const auto native = sample(pair.native);
    if (!compressed || !native) continue;
    const Found found = decoded(*compressed);
    ASSERT_TRUE(std::holds_alternative<DecodedPixels>(found)) << pair.compressed;
    const Bytes now = bytes_of(std::get<DecodedPixels>(found).pixels);
    const Bytes then = bytes_of(stored_pixels(*native));
    ASSERT_EQ(now.size(), then.size()) << pair.compressed;
    EXPECT_TRUE(std::equal(now.begin() + 12, now.end(), then.begin() + 12)) << pair.compressed;
    EXPECT_EQ(std::get<DecodedPixels>(found).loss, Loss::none);
    ++compared;
  }
  if (!sekisho::tests::sample_files().empty()) {
    EXPECT_EQ(compared, 3);
  }
}

TEST(DecodedPixels, OfLossyColourAreRgbAndSaySo) {
  const auto file = sample("SC_rgb_dcmtk_+eb+cy+np.dcm");
  if (!file) GTEST_SKIP() << "pydicom's files are not here";
  const Found found = decoded(*file);
  const auto& pixels = std::get<DecodedPixels>(found);
  EXPECT_EQ(pixels.photometric, Photometric::rgb);
  EXPECT_EQ(pixels.samples, 3U);
  EXPECT_EQ(pixels.loss, Loss::possible);
}

}  // namespace
}  // namespace sekisho::imaging::tests
