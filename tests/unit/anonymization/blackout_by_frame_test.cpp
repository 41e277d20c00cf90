// SPDX-License-Identifier: GPL-3.0-or-later
// Blackouts of films: what is in memory of them, and what is found out when.
#include <chrono>
#include <memory>

#include "anonymization/pixels/clean_pixels.h"
#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/pixels/release.h"
#include "core/byte_maker.h"
#include "core/store_error.h"
#include "mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kUltrasoundFilm = "1.2.840.10008.5.1.4.1.1.3.1";
constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
constexpr Byte kLight = 0x77;
const std::vector<Rectangle> kTopLeft{{0, 0, 2, 1}};

struct Film {
  std::string_view syntax = core::dicom::kExplicitVrLittleEndian;
  std::string_view photometric = "MONOCHROME2";
  std::uint16_t samples = 1;
  std::uint16_t planar = 0;
  std::string_view frames = "3";
  std::uint16_t rows = 4;
  std::uint16_t columns = 4;
  std::uint16_t allocated = 8;
};

DatasetBuilder head_of(const Film& film) {
  DatasetBuilder builder(film.syntax);
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kUltrasoundFilm)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "US")
      .text(Tag{0x0008, 0x0070}, Vr::LO, "ACME")
      .us(Tag{0x0028, 0x0002}, film.samples)
      .text(Tag{0x0028, 0x0004}, Vr::CS, film.photometric)
      .us(Tag{0x0028, 0x0006}, film.planar)
      .text(Tag{0x0028, 0x0008}, Vr::IS, film.frames)
      .us(Tag{0x0028, 0x0010}, film.rows)
      .us(Tag{0x0028, 0x0011}, film.columns)
      .us(Tag{0x0028, 0x0100}, film.allocated)
      .us(Tag{0x0028, 0x0101}, film.allocated)
      .us(Tag{0x0028, 0x0102}, static_cast<std::uint16_t>(film.allocated - 1))
      .us(Tag{0x0028, 0x0103}, 0);
  return builder;
}

/// PS3.5 §G.3.2: one segment of runs, `bytes` of the same value.
Bytes rle(std::size_t bytes, Byte value = kLight) {
  Bytes stream(64);
  stream[0] = 1;
  stream[4] = 64;
  for (; bytes > 0; bytes -= std::min<std::size_t>(bytes, 128)) {
    const std::size_t run = std::min<std::size_t>(bytes, 128);
    stream.insert(stream.end(), {static_cast<Byte>(257 - run), value});
  }
  return stream;
}

Bytes rle_film(const Film& film, const std::vector<Bytes>& streams) {
  return head_of(film)
      .encapsulated(core::dicom::kPixelData, streams)
      .part10(kUltrasoundFilm, kInstance);
}

/// Bytes that are there, and then as many of the same value as anybody asks for.
class HeadAndLight final : public core::ByteMaker {
 public:
  explicit HeadAndLight(Bytes head) : head_(std::move(head)) {}
  void read(std::uint64_t offset, std::span<Byte> out) const override {
    for (Byte& byte : out) byte = offset < head_.size() ? head_[offset] : kLight, ++offset;
  }
  std::uint64_t memory_bytes() const override { return head_.size(); }

 private:
  const Bytes head_;
};

/// 4095 frames of 1 MiB.
CheckedFile a_native_film_of_four_gigabytes() {
  constexpr std::uint64_t kPixelBytes = std::uint64_t{4095} << 20U;
  Bytes file = head_of({.frames = "4095", .rows = 1024, .columns = 1024})
                   .bytes(core::dicom::kPixelData, Vr::OB, Bytes{})
                   .part10(kUltrasoundFilm, kInstance);
  core::dicom::write32(&file[file.size() - 4], static_cast<std::uint32_t>(kPixelBytes),
                       core::dicom::ByteOrder::little);
  const auto size = file.size() + kPixelBytes;
  auto film = CheckedFile::check(
      core::StoredFile::made(std::make_shared<HeadAndLight>(std::move(file)), size, {}));
  return std::get<CheckedFile>(std::move(film));
}

CheckedFile cleaned(const CheckedFile& file, const std::vector<Rectangle>& rectangles,
                    core::MemoryBudget::Taken* memory = nullptr, KnownPixels::OfFile known = {}) {
  auto outcome = clean_pixels(file, rectangles, {}, memory, known);
  if (const auto* reason = std::get_if<WithholdReason>(&outcome)) {
    throw std::logic_error("withheld: " + std::string(name(*reason)));
  }
  return std::get<CheckedFile>(std::move(outcome));
}

Bytes some_of(const CheckedFile& file, std::uint64_t offset, std::size_t size) {
  Bytes bytes(size);
  file.source().read(offset, bytes);
  return bytes;
}

PixelPolicy corner_black() {
  return std::get<PixelPolicy>(parse_pixel_policy(R"({"Rules": [
    {"Modality": "US", "Manufacturer": "ACME", "Rows": 1024, "Columns": 1024, "Action": "Blackout",
     "Rectangles": [{"X": 0, "Y": 0, "Width": 2, "Height": 1}]}]})"));
}

TEST(BlackoutByFrame, ANativeFilmOfFourGigabytesTakesNoMemory) {
  core::MemoryBudget budget(std::uint64_t{8} << 20U, std::chrono::milliseconds(0));
  auto memory = budget.take(0);
  const CheckedFile film = a_native_film_of_four_gigabytes();
  auto released = release(film, basic(), a_share(), corner_black(), Approval::none,
                          Author::hospital, {}, &memory);
  ASSERT_TRUE(std::holds_alternative<Masked>(released)) << name(std::get<WithholdReason>(released));
  auto& masked = std::get<Masked>(released);
  EXPECT_EQ(masked.pixel_size(), 12 + (std::uint64_t{4095} << 20U));
  EXPECT_EQ(memory.bytes(), 0U) << "what is taken of the budget";
  EXPECT_LT(masked.pixels().made_bytes() + masked.pixels().file().memory_bytes(), 100'000U);
  masked.keep(std::move(memory));
  EXPECT_EQ(masked.kept_bytes(), 0U);
  for (const std::uint64_t frame : {0, 1, 4094}) {
    Bytes begin(4);
    masked.pixels().read(12 + (frame << 20U), begin);
    EXPECT_EQ(begin, (Bytes{0, 0, kLight, kLight})) << frame;
  }
}

TEST(BlackoutByFrame, ACompressedFilmTakesOneFrameAndItsDecoder) {
  constexpr std::uint64_t kFrameBytes = 2'000'000;
  const Film shape{.syntax = kRle, .frames = "40", .rows = 2000, .columns = 1000};
  const CheckedFile film = checked(rle_film(shape, std::vector<Bytes>(40, rle(kFrameBytes))));
  core::MemoryBudget budget(40 * kFrameBytes, std::chrono::milliseconds(0));
  auto memory = budget.take(0);
  const CheckedFile black = cleaned(film, kTopLeft, &memory);
  EXPECT_EQ(black.pixel_size(), 12 + 40 * kFrameBytes);
  EXPECT_GE(memory.bytes(), kFrameBytes);
  EXPECT_LE(memory.bytes(), 11 * kFrameBytes) << "the frame, and 8 bytes a sample to decode it";
  EXPECT_EQ(some_of(black, black.pixel_offset() + 12 + 39 * kFrameBytes, 3), (Bytes{0, 0, kLight}));
}

TEST(BlackoutByFrame, HasItsMemoryBeforeItDecodes) {
  constexpr std::uint64_t kFrameBytes = 1024 * 1024;
  const Film shape{.syntax = kRle, .frames = "2", .rows = 1024, .columns = 1024};
  // The second frame would be a reason to withhold the film, had anybody looked at it.
  const CheckedFile film = checked(rle_film(shape, {rle(kFrameBytes), Bytes(64)}));
  core::MemoryBudget budget(20 * kFrameBytes, std::chrono::milliseconds(0));
  auto memory = budget.take(0);
  const auto others = budget.take(15 * kFrameBytes);
  EXPECT_THROW(clean_pixels(film, kTopLeft, {}, &memory), core::MemoryShortage);
}

TEST(BlackoutByFrame, IsTheSameInWhateverPiecesItIsRead) {
  const Film films[] = {
      {.allocated = 16},
      {.photometric = "MONOCHROME1", .columns = 5, .allocated = 1},
      {.photometric = "RGB", .samples = 3},
      {.photometric = "YBR_FULL", .samples = 3, .planar = 1},
      {.photometric = "YBR_FULL_422", .samples = 3},
      {.syntax = core::dicom::kExplicitVrBigEndian, .photometric = "MONOCHROME1", .columns = 3},
      {.syntax = core::dicom::kExplicitVrBigEndian, .photometric = "MONOCHROME1", .allocated = 16},
  };
  const std::vector<Rectangle> rectangles{{1, 1, 2, 2}, {0, 3, 1, 9}};
  for (const Film& film : films) {
    SCOPED_TRACE(std::string(film.photometric) + std::to_string(film.allocated));
    Bytes pixels(3 * 4 * 4 * 3);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<Byte>(i + 1);
    const CheckedFile black = cleaned(checked(head_of(film)
                                                  .bytes(core::dicom::kPixelData, Vr::OW, pixels)
                                                  .part10(kUltrasoundFilm, kInstance)),
                                      rectangles);
    const auto size = static_cast<std::size_t>(black.source().size_bytes());
    const Bytes whole = some_of(black, 0, size);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U}) {
      for (std::size_t at = size; at-- > 0;) {
        const std::size_t some = std::min(piece, size - at);
        const auto from = whole.begin() + static_cast<std::ptrdiff_t>(at);
        ASSERT_EQ(some_of(black, at, some), Bytes(from, from + static_cast<std::ptrdiff_t>(some)))
            << some << " bytes at " << at;
      }
    }
  }
}

TEST(BlackoutByFrame, ADamagedFrameIsAReasonAndNotTroubleLater) {
  const Film shape{.syntax = kRle};
  for (const std::size_t damaged : {0U, 1U, 2U}) {
    std::vector<Bytes> streams(3, rle(16));
    streams[damaged] = Bytes(64);
    const auto outcome = clean_pixels(checked(rle_film(shape, streams)), kTopLeft);
    ASSERT_TRUE(std::holds_alternative<WithholdReason>(outcome)) << damaged;
    EXPECT_EQ(std::get<WithholdReason>(outcome), WithholdReason::pixels_malformed);
  }
}

TEST(BlackoutByFrame, FramesThatWereDecodedOnceAreNotDecodedAgainToBeLookedAt) {
  constexpr std::size_t kFrameBytes = 1024 * 1024;  // more than is read to check a file
  const Film shape{.syntax = kRle, .rows = 1024, .columns = 1024};
  const KnownPixels known(1 << 20);
  const Bytes good = rle(kFrameBytes);
  Bytes bad = good;
  bad[0] = 0;  // segments
  const Bytes film = rle_film(shape, {good, good, good});
  const Bytes damaged = rle_film(shape, {good, good, bad});
  EXPECT_THROW(cleaned(checked(damaged), kTopLeft, nullptr, {&known, "a"}), std::logic_error);
  cleaned(checked(film), kTopLeft, nullptr, {&known, "a"});
  // Nobody would have found that out without looking.
  const CheckedFile unseen = cleaned(checked(damaged), {{9, 9, 1, 1}}, nullptr, {&known, "a"});
  EXPECT_THROW(some_of(unseen, unseen.pixel_offset() + 12 + 2 * kFrameBytes, 1), core::StoreError);
  EXPECT_THROW(cleaned(checked(damaged), kTopLeft, nullptr, {&known, "b"}), std::logic_error);
}

TEST(BlackoutByFrame, IsGivenUpAmongTheFramesWhenNobodyWaits) {
  const Film shape{.syntax = kRle, .frames = "200"};
  const auto film = checked(rle_film(shape, std::vector<Bytes>(200, rle(16))));
  for (const int patience : {1, 50, 150}) {
    int asked = 0;
    const core::Demand demand(std::stop_token(), [&] { return ++asked < patience; });
    EXPECT_THROW(clean_pixels(film, kTopLeft, demand), core::DemandOver);
    EXPECT_EQ(asked, patience) << "asked once more after the end";
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
