// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/frame_index.h"

#include "files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kExplicitVrBigEndian;
using core::dicom::kExplicitVrLittleEndian;
using core::dicom::kImplicitVrLittleEndian;
using core::dicom::kPixelData;

constexpr std::string_view kEncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
constexpr std::string_view kJpeg2000 = "1.2.840.10008.1.2.4.90";
constexpr Tag kExtendedOffsets{0x7FE0, 0x0001};
constexpr Tag kExtendedLengths{0x7FE0, 0x0002};

std::optional<FrameIndex> index_of(const CheckedFile& file, const PixelSource& pixels) {
  const auto& syntax = file.transfer_syntax();
  return FrameIndex::of(pixels, {file.header(), syntax.vr, syntax.order}, syntax);
}
std::optional<FrameIndex> clean_index(const DatasetBuilder& builder) {
  const CheckedFile file = checked(builder);
  return index_of(file, std::get<PixelSource>(clean_pixels(file)));
}
/// Of what leaves as it is stored.
std::optional<FrameIndex> stored_index(const DatasetBuilder& builder) {
  const CheckedFile file = checked(builder);
  return index_of(file, stored_pixels(file));
}

/// A frame as it is read at once, in small pieces, and by reference where it can be.
Bytes frame_of(const FrameIndex& index, std::uint32_t frame) {
  Bytes all(index.size_of(frame).value());
  index.read(frame, 0, all);
  for (const std::size_t piece : {1U, 3U, 5U}) {
    Bytes again;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      Bytes part(std::min(piece, all.size() - at));
      index.read(frame, at, part);
      again.insert(again.end(), part.begin(), part.end());
    }
    EXPECT_EQ(again, all);
  }
  if (const auto range = index.range_of(frame)) {
    Bytes there(range->size);
    index.pixels().read(range->offset, there);
    EXPECT_EQ(there, all);
  }
  return all;
}

std::vector<Bytes> frames_of(const std::optional<FrameIndex>& index) {
  std::vector<Bytes> frames;
  if (!index) return frames;
  for (std::uint32_t i = 0; i < index->count() && index->size_of(i); ++i) {
    frames.push_back(frame_of(*index, i));
  }
  return frames;
}

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(i + 1);
  return bytes;
}
Bytes slice(const Bytes& bytes, std::size_t begin, std::size_t size) {
  const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(begin);
  return {from, from + static_cast<std::ptrdiff_t>(size)};
}

TEST(FrameIndex, FindsNativeFramesByTheirSize) {
  const Bytes value = counted(24);
  for (const auto syntax : {kExplicitVrLittleEndian, kImplicitVrLittleEndian}) {
    for (const auto& make : {clean_index, stored_index}) {
      const auto index =
          make(head_of({.syntax = syntax, .frames = "3"}).bytes(kPixelData, Vr::OW, value));
      ASSERT_TRUE(index);
      EXPECT_TRUE(index->is_native());
      EXPECT_EQ(index->count(), 3U);
      EXPECT_EQ(frames_of(index),
                (std::vector{slice(value, 0, 8), slice(value, 8, 8), slice(value, 16, 8)}));
      EXPECT_TRUE(index->range_of(2));
      EXPECT_FALSE(index->size_of(3));
      EXPECT_FALSE(index->size_of(UINT32_MAX));
    }
  }
}

TEST(FrameIndex, FramesOfOddSizeBeginAtOddPlaces) {
  const Bytes value = counted(15);
  const Image image{.rows = 1, .columns = 5, .frames = "3"};
  EXPECT_EQ(frames_of(clean_index(head_of(image).bytes(kPixelData, Vr::OB, joined({value, {0}})))),
            (std::vector{slice(value, 0, 5), slice(value, 5, 5), slice(value, 10, 5)}));
}

TEST(FrameIndex, CountsAllSamplesOfAPixel) {
  const Bytes value = counted(24);
  const Image colour{.rows = 1, .columns = 4, .samples = 3, .photometric = "RGB", .frames = "2"};
  EXPECT_EQ(frames_of(clean_index(head_of(colour).bytes(kPixelData, Vr::OB, value))),
            (std::vector{slice(value, 0, 12), slice(value, 12, 12)}));
}

// PS3.3 §C.7.6.3.1.2: two samples for each pixel.
TEST(FrameIndex, SubsampledFramesHaveTwoThirds) {
  const Bytes value = counted(16);
  const Image half{
      .rows = 1, .columns = 4, .samples = 3, .photometric = "YBR_FULL_422", .frames = "2"};
  EXPECT_EQ(frames_of(clean_index(head_of(half).bytes(kPixelData, Vr::OB, value))),
            (std::vector{slice(value, 0, 8), slice(value, 8, 8)}));
  EXPECT_FALSE(stored_index(head_of(half).bytes(kPixelData, Vr::OB, counted(24))));
}

// PS3.5 §8.1.1: single bits of all frames follow each other without a gap.
TEST(FrameIndex, EachFrameOfSingleBitsBeginsWithItsOwnByte) {
  const Image bits{
      .rows = 3, .columns = 3, .frames = "3", .allocated = 1, .stored = 1, .high_bit = 0};
  // Nine ones, nine zeros but the last, nine ones.
  const Bytes value = {0xFF, 0x01, 0xFE, 0x07};
  for (const auto& make : {clean_index, stored_index}) {
    EXPECT_EQ(frames_of(make(head_of(bits).bytes(kPixelData, Vr::OB, value))),
              (std::vector<Bytes>{{0xFF, 0x01}, {0x00, 0x01}, {0xFF, 0x01}}));
  }
  Image whole = bits;
  whole.columns = 8;
  const auto index = clean_index(head_of(whole).bytes(kPixelData, Vr::OB, counted(10)));
  EXPECT_EQ(frames_of(index), (std::vector<Bytes>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
  EXPECT_TRUE(index->range_of(1));
}

TEST(FrameIndex, ReadsBigEndianWordsAsLittleEndian) {
  const Bytes value = counted(12);
  Image image{.syntax = kExplicitVrBigEndian,
              .rows = 1,
              .columns = 3,
              .frames = "2",
              .allocated = 16,
              .stored = 16,
              .high_bit = 15};
  const std::vector<Bytes> swapped = {{2, 1, 4, 3, 6, 5}, {8, 7, 10, 9, 12, 11}};
  EXPECT_EQ(frames_of(clean_index(head_of(image).bytes(kPixelData, Vr::OW, value))), swapped);
  // Bytes in words (PS3.5 §7.3): a frame may begin within one.
  const Image bytes{.syntax = kExplicitVrBigEndian, .rows = 1, .columns = 3, .frames = "2"};
  EXPECT_EQ(frames_of(clean_index(head_of(bytes).bytes(kPixelData, Vr::OW, counted(6)))),
            (std::vector<Bytes>{{2, 1, 4}, {3, 6, 5}}));
  EXPECT_EQ(frames_of(clean_index(head_of(bytes).bytes(kPixelData, Vr::OB, counted(6)))),
            (std::vector<Bytes>{{1, 2, 3}, {4, 5, 6}}));
  const Image bits{.syntax = kExplicitVrBigEndian,
                   .rows = 3,
                   .columns = 3,
                   .frames = "3",
                   .allocated = 1,
                   .stored = 1,
                   .high_bit = 0};
  EXPECT_EQ(frames_of(clean_index(
                head_of(bits).bytes(kPixelData, Vr::OW, Bytes{0x01, 0xFF, 0x07, 0xFE}))),
            (std::vector<Bytes>{{0xFF, 0x01}, {0x00, 0x01}, {0xFF, 0x01}}));
}

TEST(FrameIndex, DoesNotGuessWhatParsersDifferOn) {
  Image image{.syntax = kExplicitVrBigEndian,
              .rows = 1,
              .columns = 2,
              .allocated = 32,
              .stored = 32,
              .high_bit = 31};
  EXPECT_FALSE(clean_index(head_of(image).bytes(kPixelData, Vr::OW, counted(8))));
  image.stored = 0;
  const auto floats = clean_index(head_of(image).bytes(Tag{0x7FE0, 0x0008}, Vr::OF, counted(8)));
  EXPECT_EQ(frames_of(floats), (std::vector<Bytes>{{4, 3, 2, 1, 8, 7, 6, 5}}));
}

TEST(FrameIndex, AFrameOfWhichAPartIsMissingIsNotThere) {
  const auto index = clean_index(head_of({.frames = "3"}).bytes(kPixelData, Vr::OW, counted(22)));
  ASSERT_TRUE(index);
  EXPECT_TRUE(index->size_of(1));
  EXPECT_FALSE(index->size_of(2));
  EXPECT_FALSE(index->range_of(2));
}

TEST(FrameIndex, GivesCellsThroughTheMask) {
  Image image{
      .rows = 1, .columns = 2, .frames = "2", .allocated = 16, .stored = 12, .high_bit = 11};
  EXPECT_EQ(frames_of(clean_index(head_of(image).bytes(kPixelData, Vr::OW,
                                                       Bytes{1, 0xF2, 3, 0xF4, 5, 0xF6, 7, 0xF8}))),
            (std::vector<Bytes>{{1, 2, 3, 4}, {5, 6, 7, 8}}));
}

Bytes little(std::initializer_list<std::uint32_t> numbers, std::size_t bytes) {
  Bytes all;
  for (const std::uint64_t number : numbers) {
    for (std::size_t i = 0; i < bytes; ++i) all.push_back(static_cast<Byte>(number >> (8 * i)));
  }
  return all;
}
Bytes item(const Bytes& value) {
  return joined(
      {{0xFE, 0xFF, 0x00, 0xE0}, little({static_cast<std::uint32_t>(value.size())}, 4), value});
}
Bytes encapsulated(const Bytes& table, const std::vector<Bytes>& fragments) {
  DatasetBuilder head(kEncapsulatedUncompressed);
  head.header(kPixelData, Vr::OB, 0xFFFFFFFF);
  Bytes all = joined({head.dataset(), item(table)});
  for (const Bytes& fragment : fragments) all = joined({all, item(fragment)});
  return joined({all, {0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}});
}

struct Encapsulation {
  const char* what;
  Bytes element;
};

// PS3.5 §A.4: one fragment a frame without a table; several by either table.
TEST(FrameIndex, FindsEncapsulatedFramesWithTablesAndWithout) {
  const Bytes one(8, 1);
  const Bytes two = counted(8);
  const auto begin = slice(two, 0, 6);
  const auto rest = slice(two, 6, 2);
  const Bytes extended = joined({element(kExtendedOffsets, Vr::OV, little({0, 16}, 8)),
                                 element(kExtendedLengths, Vr::OV, little({8, 8}, 8))});
  const Encapsulation cases[] = {
      {"no table", encapsulated({}, {one, two})},
      {"a table", encapsulated(little({0, 16}, 4), {one, two})},
      {"fragments", encapsulated(little({0, 16}, 4), {one, begin, rest})},
      {"an extended table", joined({extended, encapsulated({}, {one, begin, rest})})},
  };
  const Image image{.syntax = kEncapsulatedUncompressed, .frames = "2"};
  for (const Encapsulation& each : cases) {
    SCOPED_TRACE(each.what);
    for (const auto& make : {clean_index, stored_index}) {
      const auto index = make(head_of(image).raw(each.element));
      ASSERT_TRUE(index);
      EXPECT_TRUE(index->is_native());
      EXPECT_EQ(frames_of(index), (std::vector{one, two}));
      EXPECT_FALSE(index->size_of(2));
    }
  }
}

TEST(FrameIndex, CodeStreamsLeaveWithoutTheirFragments) {
  const Bytes first = joined({{0xFF, 0x4F, 0xFF, 0x51}, counted(8)});
  const Bytes second = joined({{0xFF, 0x4F, 0xFF, 0x51}, counted(4)});
  const Image image{.syntax = kJpeg2000, .frames = "2"};
  const auto index =
      stored_index(head_of(image).raw(encapsulated({}, {first, second, slice(first, 4, 8)})));
  ASSERT_TRUE(index);
  EXPECT_FALSE(index->is_native());
  EXPECT_EQ(frames_of(index), (std::vector{first, joined({second, slice(first, 4, 8)})}));
  EXPECT_TRUE(index->range_of(0));
  EXPECT_FALSE(index->range_of(1));
}

TEST(FrameIndex, IsNotThereWhereNobodyCanSay) {
  EXPECT_FALSE(clean_index(head_of({})));
  const Bytes two(8, 2);
  const Image image{.syntax = kEncapsulatedUncompressed, .frames = "2"};
  EXPECT_FALSE(stored_index(head_of(image).raw(encapsulated({}, {two, two, two}))));
  EXPECT_FALSE(stored_index(head_of({.rows = 0}).bytes(kPixelData, Vr::OW, two)));
}

}  // namespace
}  // namespace sekisho::imaging::tests
