// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/explicit_pixels.h"

#include "files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kExplicitVrBigEndian;
using core::dicom::kImplicitVrLittleEndian;
using core::dicom::kPixelData;

constexpr std::string_view kImplicitVrBigPixels = "1.2.840.113619.5.2";
constexpr Tag kFloatPixelData{0x7FE0, 0x0008};
constexpr Tag kDoubleFloatPixelData{0x7FE0, 0x0009};
enum class As { clean, stored };

std::optional<PixelSource> rewritten(const CheckedFile& file, As as) {
  const auto& syntax = file.transfer_syntax();
  const PixelSource source =
      as == As::stored ? stored_pixels(file) : std::get<PixelSource>(clean_pixels(file));
  return explicit_pixels(source, {file.header(), syntax.vr, syntax.order}, syntax);
}

/// In whatever pieces it is read; "none" where there is none.
Bytes rewritten_bytes(const DatasetBuilder& builder, As as) {
  const CheckedFile file = checked(builder);
  const auto source = rewritten(file, as);
  if (!source) return text("none");
  const Bytes all = bytes_of(*source);
  for (const std::size_t piece : {1U, 3U, 5U}) {
    Bytes again;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      Bytes part(std::min(piece, all.size() - at));
      source->read(at, part);
      again.insert(again.end(), part.begin(), part.end());
    }
    EXPECT_EQ(again, all) << piece;
  }
  return all;
}

Bytes turned(Bytes bytes, std::size_t word) {
  for (std::size_t at = 0; at + word <= bytes.size(); at += word) {
    std::ranges::reverse(std::span(bytes).subspan(at, word));
  }
  return bytes;
}

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(i * 37 + 1);
  return bytes;
}

// PS3.5 §7.3, §A.2, §A.3: the words of OW are turned round, whatever the size of the cells in them.
TEST(ExplicitPixels, AreTheCellsThatTheyWere) {
  struct Case {
    std::string_view syntax;
    Tag tag;
    Vr vr;
    std::uint16_t allocated;
    std::size_t word;
  };
  constexpr Case kCases[] = {
      {kImplicitVrLittleEndian, kPixelData, Vr::OW, 8, 1},
      {kImplicitVrLittleEndian, kPixelData, Vr::OW, 16, 1},
      {kImplicitVrLittleEndian, kPixelData, Vr::OW, 32, 1},
      {kImplicitVrLittleEndian, kFloatPixelData, Vr::OF, 32, 1},
      {kExplicitVrBigEndian, kPixelData, Vr::OB, 8, 1},
      {kExplicitVrBigEndian, kPixelData, Vr::OW, 8, 2},
      {kExplicitVrBigEndian, kPixelData, Vr::OW, 16, 2},
      {kExplicitVrBigEndian, kFloatPixelData, Vr::OF, 32, 4},
      {kExplicitVrBigEndian, kDoubleFloatPixelData, Vr::OD, 64, 8},
      {kImplicitVrBigPixels, kPixelData, Vr::OW, 16, 2},
  };
  for (const Case& each : kCases) {
    const bool is_real = each.vr == Vr::OF || each.vr == Vr::OD;
    const auto stored = static_cast<std::uint16_t>(is_real ? 0 : each.allocated);
    const Bytes cells = counted(8U * each.allocated / 8U);
    const auto image = head_of({.syntax = each.syntax,
                                .allocated = each.allocated,
                                .stored = stored,
                                .high_bit = static_cast<std::uint16_t>(each.allocated - 1)})
                           .bytes(each.tag, each.vr, turned(cells, each.word));
    for (const As as : {As::clean, As::stored}) {
      EXPECT_EQ(rewritten_bytes(image, as), element(each.tag, each.vr, cells))
          << each.syntax << ' ' << each.allocated << ' ' << name(each.vr);
    }
  }
}

TEST(ExplicitPixels, HaveNothingInBitsThatHoldNoSample) {
  const Image twelve{.syntax = kExplicitVrBigEndian,
                     .allocated = 16,
                     .stored = 12,
                     .high_bit = 11,
                     .is_signed = 1};
  Bytes stored;
  Bytes clean;
  for (int i = 0; i < 8; ++i) {
    stored.insert(stored.end(),
                  {static_cast<Byte>(i % 2 == 0 ? 0x58 : 0x57), static_cast<Byte>(i)});
    clean.insert(clean.end(), {static_cast<Byte>(i), static_cast<Byte>(i % 2 == 0 ? 0xF8 : 0x07)});
  }
  const auto image = head_of(twelve).bytes(kPixelData, Vr::OW, stored);
  EXPECT_EQ(rewritten_bytes(image, As::clean), element(kPixelData, Vr::OW, clean));
}

TEST(ExplicitPixels, OfOddSizeKeepTheirLastCell) {
  for (const std::string_view syntax : {kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    const Bytes cells = {1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
    const std::size_t word = syntax == kExplicitVrBigEndian ? 2 : 1;
    const auto image = head_of({.syntax = syntax, .rows = 3, .columns = 3})
                           .bytes(kPixelData, Vr::OW, turned(cells, word));
    EXPECT_EQ(rewritten_bytes(image, As::clean), element(kPixelData, Vr::OW, cells)) << syntax;
    EXPECT_EQ(rewritten_bytes(image, As::stored), element(kPixelData, Vr::OW, cells)) << syntax;
  }
}

TEST(ExplicitPixels, SingleBitsStayInTheirOrder) {
  const Image bits{.syntax = kExplicitVrBigEndian,
                   .rows = 3,
                   .columns = 4,
                   .allocated = 1,
                   .stored = 1,
                   .high_bit = 0};
  const auto image = head_of(bits).bytes(kPixelData, Vr::OW, Bytes{0x0A, 0x5C});
  EXPECT_EQ(rewritten_bytes(image, As::clean), element(kPixelData, Vr::OW, {0x5C, 0x0A}));
}

TEST(ExplicitPixels, AreTheFilesOwnWhereTheyAreLittleEndian) {
  const CheckedFile file = checked(
      head_of({.syntax = kImplicitVrLittleEndian, .allocated = 16, .stored = 16, .high_bit = 15})
          .bytes(kPixelData, Vr::OW, counted(16)));
  const auto source = rewritten(file, As::clean);
  ASSERT_TRUE(source);
  const auto range = source->range_at(12);
  ASSERT_TRUE(range);
  EXPECT_EQ(range->offset, file.pixel_offset() + 8);
  EXPECT_EQ(range->size, 16U);
  const CheckedFile big = checked(
      head_of({.syntax = kExplicitVrBigEndian, .allocated = 16, .stored = 16, .high_bit = 15})
          .bytes(kPixelData, Vr::OW, counted(16)));
  const auto words = rewritten(big, As::clean);
  ASSERT_TRUE(words);
  EXPECT_FALSE(words->range_at(12)) << "the file has them the other way round";
}

// PS3.5 §7.2: it would count other bytes.
TEST(ExplicitPixels, HaveNoGroupLength) {
  const auto image = head_of({.syntax = kImplicitVrLittleEndian})
                         .bytes(Tag{0x7FE0, 0x0000}, Vr::UL, Bytes{16, 0, 0, 0})
                         .bytes(kPixelData, Vr::OW, counted(8));
  EXPECT_EQ(rewritten_bytes(image, As::stored), element(kPixelData, Vr::OW, counted(8)));
}

TEST(ExplicitPixels, AreNotMadeOfWhatReadersTakeForDifferentCells) {
  const auto image = [](Vr vr, std::uint16_t allocated) {
    const auto high = static_cast<std::uint16_t>(allocated - 1);
    return head_of({.syntax = kExplicitVrBigEndian,
                    .allocated = allocated,
                    .stored = allocated,
                    .high_bit = high})
        .bytes(kPixelData, vr, counted(allocated));
  };
  for (const As as : {As::clean, As::stored}) {
    EXPECT_EQ(rewritten_bytes(image(Vr::OW, 32), as), text("none"));
    EXPECT_EQ(rewritten_bytes(image(Vr::OB, 16), as), text("none"));
    EXPECT_EQ(rewritten_bytes(image(Vr::OB, 32), as), text("none"));
  }
}

TEST(ExplicitPixels, MayBeNone) {
  EXPECT_EQ(rewritten_bytes(head_of({.syntax = kImplicitVrLittleEndian}), As::clean), Bytes{});
}

}  // namespace
}  // namespace sekisho::imaging::tests
