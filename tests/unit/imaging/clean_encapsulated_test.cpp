// SPDX-License-Identifier: GPL-3.0-or-later
#include "files.h"

namespace sekisho::imaging::tests {
namespace {

using core::dicom::kPixelData;

/// Frames are bytes as they are, so that what is clean is seen at once (PS3.5 §A.4.11).
constexpr std::string_view kEncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
constexpr std::string_view kJpeg = "1.2.840.10008.1.2.4.50";
constexpr Tag kExtendedOffsets{0x7FE0, 0x0001};
constexpr Tag kExtendedLengths{0x7FE0, 0x0002};

Bytes frame(Byte value) { return Bytes(8, value); }

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
/// The whole element: an offset table and fragments.
Bytes encapsulated(const Bytes& table, const std::vector<Bytes>& fragments) {
  DatasetBuilder head(kEncapsulatedUncompressed);
  head.header(kPixelData, Vr::OB, 0xFFFFFFFF);
  Bytes all = joined({head.dataset(), item(table)});
  for (const Bytes& fragment : fragments) all = joined({all, item(fragment)});
  return joined({all, {0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}});
}

Image of_frames(std::string_view frames) {
  return {.syntax = kEncapsulatedUncompressed, .frames = frames};
}
Bytes cleaned(const Image& image, const Bytes& element) {
  return pixels_of(checked(head_of(image).raw(element)));
}

TEST(CleanEncapsulated, PassesCleanPixelsByReference) {
  for (const Bytes& table : {Bytes(), little({0, 16}, 4)}) {
    const CheckedFile file =
        checked(head_of(of_frames("2")).raw(encapsulated(table, {frame(1), frame(2)})));
    const auto clean = std::get<PixelSource>(clean_pixels(file));
    const auto range = clean.range_at(0);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->offset, file.pixel_offset());
    EXPECT_EQ(range->size, file.pixel_size());
    EXPECT_EQ(clean.made_bytes(), 0U);
    ASSERT_EQ(clean.streams().size(), 2U);
    EXPECT_EQ(clean.streams()[1].size, 8U);
  }
}

TEST(CleanEncapsulated, MakesOffsetTablesAnew) {
  const Bytes right = encapsulated(little({0, 16}, 4), {frame(1), frame(2)});
  const Bytes words = {'T', 'A', 'R', 'O', 'Y', 'A', 'M', 'A'};
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(words, {frame(1), frame(2)})), right);
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(joined({canary(), {0}}), {frame(1), frame(2)})),
            right);
  // The first offset must be that of the first fragment, and the others rise.
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(little({16, 0}, 4), {frame(1), frame(2)})), right);
}

TEST(CleanEncapsulated, MakesExtendedOffsetTablesAnewAndKeepsThemTogether) {
  const auto file = [](const Bytes& offsets, const Bytes& lengths, const Bytes& basic) {
    return checked(head_of(of_frames("2"))
                       .bytes(kExtendedOffsets, Vr::OV, offsets)
                       .bytes(kExtendedLengths, Vr::OV, lengths)
                       .bytes(Tag{0x7FE0, 0x0003}, Vr::UV, text("TAROYAMA"))
                       .raw(encapsulated(basic, {frame(1), frame(2)})));
  };
  const Bytes right = joined({element(kExtendedOffsets, Vr::OV, little({0, 16}, 8)),
                              element(kExtendedLengths, Vr::OV, little({8, 8}, 8)),
                              encapsulated({}, {frame(1), frame(2)})});
  const Bytes words = text("TAROYAMATAROYAMATAROYAMA");
  EXPECT_EQ(pixels_of(file(little({0, 16}, 8), little({8, 8}, 8), {})), right);
  EXPECT_EQ(pixels_of(file(words, words, {})), right);
  EXPECT_EQ(pixels_of(file(little({0, 16}, 8), little({8, 8}, 8), little({0, 16}, 4))), right);
  const CheckedFile alone = checked(head_of(of_frames("2"))
                                        .bytes(kExtendedOffsets, Vr::OV, words)
                                        .raw(encapsulated({}, {frame(1), frame(2)})));
  EXPECT_EQ(pixels_of(alone), encapsulated({}, {frame(1), frame(2)}));
}

TEST(CleanEncapsulated, JoinsTheFragmentsOfAFrame) {
  const Bytes first(4, 1);
  EXPECT_EQ(cleaned(of_frames("1"), encapsulated({}, {first, first})),
            encapsulated({}, {frame(1)}));
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(little({0, 24}, 4), {first, first, frame(2)})),
            encapsulated(little({0, 16}, 4), {frame(1), frame(2)}));
  const CheckedFile extended = checked(head_of(of_frames("2"))
                                           .bytes(kExtendedOffsets, Vr::OV, little({0, 24}, 8))
                                           .raw(encapsulated({}, {first, first, frame(2)})));
  EXPECT_EQ(pixels_of(extended), encapsulated({}, {frame(1), frame(2)}));
}

TEST(CleanEncapsulated, LeavesOutWhatFollowsAFrame) {
  const Bytes wordy = joined({frame(1), canary(), {0}});
  EXPECT_EQ(cleaned(of_frames("1"), encapsulated({}, {wordy})), encapsulated({}, {frame(1)}));
  EXPECT_EQ(cleaned(of_frames("1"), encapsulated({}, {frame(1), joined({canary(), {0}})})),
            encapsulated({}, {frame(1)}));
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(little({0, 16}, 4),
                                                 {frame(1), frame(2), joined({canary(), {0}})})),
            encapsulated(little({0, 16}, 4), {frame(1), frame(2)}));
  // A table that has one frame more than the header.
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated(little({0, 16, 32}, 4),
                                                 {frame(1), frame(2), joined({canary(), {0}})})),
            encapsulated(little({0, 16}, 4), {frame(1), frame(2)}));
}

TEST(CleanEncapsulated, BlanksThePadding) {
  const Image odd{.syntax = kEncapsulatedUncompressed, .rows = 1, .columns = 7};
  EXPECT_EQ(cleaned(odd, encapsulated({}, {{1, 2, 3, 4, 5, 6, 7, 'X'}})),
            encapsulated({}, {{1, 2, 3, 4, 5, 6, 7, 0}}));
}

TEST(CleanEncapsulated, RefusesFramesThatNobodyCanTellApart) {
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated({}, {frame(1)})), kRefusedAsMalformed);
  EXPECT_EQ(cleaned(of_frames("2"), encapsulated({}, {frame(1), frame(2), frame(3)})),
            kRefusedAsMalformed);
  EXPECT_EQ(cleaned(of_frames("1"), encapsulated({}, {})), kRefusedAsMalformed);
}

TEST(CleanEncapsulated, TellsFramesOfJpegByTheirFirstBytes) {
  // One block of grey, in two fragments; three frames, of which two are declared.
  Bytes table(17, 0);
  table[1] = 1;
  table.push_back(0);
  Bytes other = table;
  other[0] = 0x10;
  Bytes quantization(65, 1);
  quantization[0] = 0;
  const Bytes head = joined({{0xFF, 0xD8},
                             segment(0xFFDB, quantization),
                             segment(0xFFC4, joined({table, other})),
                             segment(0xFFC0, {8, 0, 8, 0, 8, 1, 1, 0x11, 0}),
                             {0xFF, 0xDA}});
  const Bytes tail = {0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9, 0};
  Bytes even_head = head;
  Bytes even_tail = tail;
  even_tail.pop_back();
  const Bytes whole = joined({even_head, even_tail});
  const Bytes padded = whole.size() % 2 == 0 ? whole : joined({whole, {0}});
  const Image image{.syntax = kJpeg, .rows = 8, .columns = 8, .frames = "2"};
  EXPECT_EQ(cleaned(image, encapsulated({}, {head, tail, head, tail, head, tail})),
            encapsulated({}, {padded, padded}));
}

TEST(CleanEncapsulated, RefusesCodingsThatItDoesNotKnow) {
  for (const std::string_view syntax :
       {"1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112",
        "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.8.1", "1.2.3.4.5"}) {
    EXPECT_EQ(cleaned({.syntax = syntax}, encapsulated({}, {frame(1)})), kRefusedAsUnsupported)
        << syntax;
  }
}

TEST(CleanEncapsulated, RefusesPixelsThatAreNotEncapsulated) {
  EXPECT_EQ(cleaned({.syntax = kJpeg}, element(kPixelData, Vr::OB, frame(1))), kRefusedAsMalformed);
}

}  // namespace
}  // namespace sekisho::imaging::tests
