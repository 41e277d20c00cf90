// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/encoders/encoded_pixels.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "core/store_error.h"
#include "files.h"
#include "imaging/encoders/encoded_frames.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kPixelData;
using ::testing::ElementsAre;

constexpr const char* kRle = "1.2.840.10008.1.2.5";
constexpr const char* kBaseline = "1.2.840.10008.1.2.4.50";

core::dicom::Dataset header_of(const CheckedFile& file) {
  const auto& syntax = file.transfer_syntax();
  return {file.header(), syntax.vr, syntax.order};
}

std::variant<EncodedPixels, Refusal> encoded(const CheckedFile& file, const char* target,
                                             core::MemoryBudget::Taken* memory = nullptr,
                                             const core::Demand& demand = {}) {
  return encoded_pixels(stored_pixels(file), header_of(file), file.transfer_syntax(),
                        *find_encoder(target), demand, memory);
}

DecodedFrames decoded_frames(const CheckedFile& file) {
  auto index = FrameIndex::of(stored_pixels(file), header_of(file), file.transfer_syntax());
  return std::get<DecodedFrames>(
      DecodedFrames::of(*std::move(index), header_of(file), file.transfer_syntax()));
}

/// Frames of 1 × 3 bytes.
CheckedFile native_file(const Bytes& cells) {
  return checked(head_of({.rows = 1, .columns = 3, .frames = std::to_string(cells.size() / 3)})
                     .bytes(kPixelData, Vr::OB, cells));
}

/// PS3.5 Annex G: one segment, of one literal run or of one replicate run.
Bytes rle_stream(const Bytes& runs) {
  Bytes stream(64);
  stream[0] = 1;
  stream[4] = 64;
  return joined({stream, runs});
}

Bytes item(const Bytes& content) {
  return joined({{0xFE, 0xFF, 0x00, 0xE0, static_cast<Byte>(content.size()), 0, 0, 0}, content});
}

// PS3.5 §A.4: offsets of the items' tags, counted from the first one's; each of even length.
TEST(EncodedPixels, AreAFragmentForEachFrameWithATableOfThem) {
  const auto file = native_file({1, 2, 3, 9, 9, 9, 4, 5, 6, 0});
  const auto found = encoded(file, kRle);
  const auto& pixels = std::get<EncodedPixels>(found).pixels;
  const Bytes literal_a = rle_stream({2, 1, 2, 3});
  const Bytes run = rle_stream({254, 9});
  const Bytes literal_b = rle_stream({2, 4, 5, 6});
  const Bytes expected = joined({{0xE0, 0x7F, 0x10, 0x00, 'O', 'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF},
                                 item({0, 0, 0, 0, 76, 0, 0, 0, 150, 0, 0, 0}),
                                 item(literal_a),
                                 item(run),
                                 item(literal_b),
                                 {0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}});
  EXPECT_EQ(bytes_of(pixels), expected);
  std::vector<Bytes> streams;
  for (const PixelRange& range : pixels.streams()) {
    streams.emplace_back(range.size);
    pixels.read(range.offset, streams.back());
  }
  EXPECT_THAT(streams, ElementsAre(literal_a, run, literal_b));
  for (const std::size_t piece : {1U, 7U, 100U}) {
    for (std::size_t at = expected.size(); at-- > 0;) {
      Bytes part(std::min(piece, expected.size() - at));
      pixels.read(at, part);
      const auto from = expected.begin() + static_cast<std::ptrdiff_t>(at);
      EXPECT_EQ(part, Bytes(from, from + static_cast<std::ptrdiff_t>(part.size())));
    }
  }
}

TEST(EncodedPixels, HavePaddingBehindAStreamOfOddLength) {
  const char* const jpeg_ls = "1.2.840.10008.1.2.4.80";
  int odd = 0;
  for (unsigned i = 0; i < 200; ++i) {
    const Bytes cells = {static_cast<Byte>(i * 77), static_cast<Byte>(i * 5),
                         static_cast<Byte>(i * i), 0};
    const auto found = encoded(native_file(cells), jpeg_ls);
    const auto& pixels = std::get<EncodedPixels>(found).pixels;
    const PixelRange stream = pixels.streams().at(0);
    EXPECT_EQ(pixels.size_bytes(), 12 + 12 + 8 + stream.size + stream.size % 2 + 8);
    Bytes end(2);
    pixels.read(stream.offset + stream.size - 2, end);
    EXPECT_THAT(end, ElementsAre(0xFF, 0xD9));
    odd += stream.size % 2 != 0 ? 1 : 0;
  }
  EXPECT_GT(odd, 0);
}

TEST(EncodedPixels, SayWhatWasLostBefore) {
  EXPECT_EQ(std::get<EncodedPixels>(encoded(native_file({1, 2, 3, 0}), kRle)).loss, Loss::none);
  EXPECT_EQ(std::get<EncodedPixels>(encoded(native_file({1, 2, 3, 0}), kBaseline)).loss,
            Loss::possible);
}

TEST(EncodedPixels, ADamagedFrameIsFoundBeforeAnyIsRead) {
  const auto file = checked(head_of({.syntax = kRle, .rows = 1, .columns = 3, .frames = "2"})
                                .encapsulated(kPixelData, {rle_stream({254, 9}), Bytes(64)}));
  EXPECT_EQ(std::get<Refusal>(encoded(file, "1.2.840.10008.1.2.4.80")), Refusal::malformed);
}

TEST(EncodedPixels, AreOfFramesThatAreThereAndNotTooManyToHold) {
  const auto missing = checked(head_of({.rows = 1, .columns = 3, .frames = "2147483647"})
                                   .bytes(kPixelData, Vr::OB, Bytes{1, 2, 3, 0}));
  EXPECT_EQ(std::get<Refusal>(encoded(missing, kRle)), Refusal::malformed);
  const auto many = checked(head_of({.rows = 1, .columns = 1, .frames = "2000000"})
                                .bytes(kPixelData, Vr::OB, Bytes(2'000'000)));
  EXPECT_EQ(std::get<Refusal>(encoded(many, kRle)), Refusal::too_large);
}

TEST(EncodedPixels, AreOfWholeCells) {
  const auto bits =
      checked(head_of({.rows = 1, .columns = 8, .allocated = 1, .stored = 1, .high_bit = 0})
                  .bytes(kPixelData, Vr::OB, Bytes{0x55, 0}));
  for (const PixelEncoder& encoder : pixel_encoders()) {
    EXPECT_EQ(std::get<Refusal>(encoded_pixels(stored_pixels(bits), header_of(bits),
                                               bits.transfer_syntax(), encoder)),
              Refusal::unsupported);
  }
}

TEST(EncodedPixels, OneFrameIsTakenFromTheBudgetAndNotAll) {
  const auto file = checked(head_of({.rows = 1000, .columns = 1000, .frames = "20"})
                                .bytes(kPixelData, Vr::OB, Bytes(20'000'000, Byte{7})));
  core::MemoryBudget budget(60'000'000, std::chrono::milliseconds(1));
  auto memory = budget.take(0);
  const auto found = encoded(file, kRle, &memory);
  const auto& pixels = std::get<EncodedPixels>(found).pixels;
  EXPECT_GT(memory.bytes(), 1'000'000U);
  EXPECT_LT(memory.bytes(), 30'000'000U);
  EXPECT_LE(pixels.made_bytes(), memory.bytes() + 1000);
}

TEST(EncodedPixels, EndWhereNobodyWaits) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(encoded(native_file({1, 2, 3, 0}), kRle, nullptr, core::Demand(stop.get_token())),
               core::DemandOver);
}

TEST(EncodedFrames, AreThoseThatAreWantedInTheirOrder) {
  const auto found = EncodedFrames::of(decoded_frames(native_file({1, 2, 3, 9, 9, 9, 4, 5, 6, 0})),
                                       *find_encoder(kRle), {2, 1, 2}, {}, nullptr);
  const auto& frames = *std::get<std::shared_ptr<const EncodedFrames>>(found);
  std::vector<Bytes> streams;
  for (const PixelRange& range : frames.streams()) {
    streams.emplace_back(range.size);
    frames.read(range.offset, streams.back());
  }
  EXPECT_THAT(streams, ElementsAre(rle_stream({2, 4, 5, 6}), rle_stream({254, 9}),
                                   rle_stream({2, 4, 5, 6})));
}

}  // namespace
}  // namespace sekisho::imaging::tests
