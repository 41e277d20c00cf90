// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/clean_pixels.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <map>

#include "anonymization/pixels/black_rectangles.h"
#include "anonymization/pixels/pixel_data.h"
#include "imaging/decoders/image_shape.h"
#include "mask_support.h"
#include "support/sample_files.h"

namespace sekisho::anonymization::tests {
namespace {

using enum WithholdReason;
using core::dicom::ByteOrder;

constexpr std::string_view kSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

/// What tests vary about an image; the pixels are a pattern without zeros.
struct Image {
  std::string_view syntax = core::dicom::kExplicitVrLittleEndian;
  std::string_view photometric = "MONOCHROME2";
  std::uint16_t samples = 1;
  std::uint16_t planar = 0;
  std::string_view frames = {};  ///< empty: not written
  std::uint16_t rows = 6;
  std::uint16_t columns = 8;
  std::uint16_t allocated = 8;
  std::uint16_t stored = 8;
  std::uint16_t is_signed = 0;
  Vr vr = Vr::OW;
  std::function<void(DatasetBuilder&)> more = [](DatasetBuilder&) {};  ///< after group 0028,0103
};

DatasetBuilder head_of(const Image& image) {
  DatasetBuilder builder(image.syntax);
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kSecondaryCapture)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .us(Tag{0x0028, 0x0002}, image.samples)
      .text(Tag{0x0028, 0x0004}, Vr::CS, image.photometric)
      .us(Tag{0x0028, 0x0006}, image.planar);
  if (!image.frames.empty()) builder.text(Tag{0x0028, 0x0008}, Vr::IS, image.frames);
  builder.us(Tag{0x0028, 0x0010}, image.rows)
      .us(Tag{0x0028, 0x0011}, image.columns)
      .us(Tag{0x0028, 0x0100}, image.allocated)
      .us(Tag{0x0028, 0x0101}, image.stored)
      .us(Tag{0x0028, 0x0102}, static_cast<std::uint16_t>(image.stored - 1))
      .us(Tag{0x0028, 0x0103}, image.is_signed);
  image.more(builder);
  return builder;
}

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(1 + i * 37 % 251);
  return bytes;
}

Bytes native(const Image& image, ByteView pixels) {
  DatasetBuilder builder = head_of(image);
  builder.bytes(core::dicom::kPixelData, image.vr, pixels);
  return builder.part10(kSecondaryCapture, kInstance);
}

std::variant<Bytes, WithholdReason> cleaned(const Bytes& part10,
                                            const std::vector<Rectangle>& rectangles) {
  auto outcome = clean_pixels(checked(part10), rectangles);
  if (const auto* reason = std::get_if<WithholdReason>(&outcome)) return *reason;
  const auto& file = std::get<CheckedFile>(outcome);
  Bytes all(file.source().size_bytes());
  file.source().read(0, all);
  return all;
}

Bytes cleaned_or_fail(const Bytes& part10, const std::vector<Rectangle>& rectangles) {
  auto outcome = cleaned(part10, rectangles);
  if (const auto* reason = std::get_if<WithholdReason>(&outcome)) {
    ADD_FAILURE() << name(*reason);
    return {};
  }
  return std::get<Bytes>(std::move(outcome));
}

WithholdReason reason_of(const Bytes& part10) {
  const auto outcome = cleaned(part10, {{0, 0, 1, 1}});
  const auto* reason = std::get_if<WithholdReason>(&outcome);
  if (reason != nullptr) return *reason;
  ADD_FAILURE() << "the image was cleaned";
  return not_maskable;
}

Bytes pixels_of(const Bytes& part10) {
  if (part10.empty()) return {};
  const auto data = read_pixel_data(checked(part10));
  if (std::holds_alternative<WithholdReason>(data)) return {};
  return std::get<PixelData>(data).value;
}

constexpr Rectangle kHole{2, 1, 3, 4};
bool in_hole(std::size_t x, std::size_t y) { return x >= 2 && x < 5 && y >= 1 && y < 5; }

/// Checks each cell of an image that is colour by pixel or grey: `black` inside the hole, unchanged
/// outside.
void expect_hole(const Image& image, const Bytes& before, const Bytes& after,
                 const std::vector<Bytes>& black, std::size_t frames) {
  ASSERT_EQ(after.size(), before.size());
  const std::size_t cell = image.allocated / 8U;
  for (std::size_t i = 0; i < frames * image.rows * image.columns * image.samples; ++i) {
    const std::size_t pixel = i / image.samples;
    const std::size_t x = pixel % image.columns;
    const std::size_t y = pixel / image.columns % image.rows;
    const Bytes was(before.begin() + static_cast<std::ptrdiff_t>(i * cell),
                    before.begin() + static_cast<std::ptrdiff_t>((i + 1) * cell));
    const Bytes is(after.begin() + static_cast<std::ptrdiff_t>(i * cell),
                   after.begin() + static_cast<std::ptrdiff_t>((i + 1) * cell));
    EXPECT_EQ(is, in_hole(x, y) ? black[i % image.samples] : was) << "cell " << i;
  }
}

TEST(CleanPixels, GreyIsBlackenedInEveryCellSize) {
  struct Case {
    Image image;
    Bytes black;
  };
  const Case cases[] = {
      {{.photometric = "MONOCHROME2", .allocated = 8}, {0}},
      {{.photometric = "MONOCHROME1", .allocated = 8}, {0xFF}},
      {{.photometric = "MONOCHROME1", .allocated = 16, .stored = 12}, {0xFF, 0x0F}},
      {{.photometric = "MONOCHROME2", .allocated = 16, .stored = 12}, {0, 0}},
      {{.photometric = "MONOCHROME2", .allocated = 16, .stored = 12, .is_signed = 1}, {0, 0xF8}},
      {{.photometric = "MONOCHROME1", .allocated = 16, .stored = 12, .is_signed = 1}, {0xFF, 0x07}},
      {{.photometric = "MONOCHROME2", .allocated = 16, .stored = 16, .is_signed = 1}, {0, 0x80}},
      {{.photometric = "MONOCHROME1", .allocated = 32, .stored = 32}, {0xFF, 0xFF, 0xFF, 0xFF}},
      {{.syntax = core::dicom::kImplicitVrLittleEndian, .allocated = 16, .stored = 16}, {0, 0}},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(std::string(each.image.photometric) + std::to_string(each.image.stored));
    const Bytes before = pattern(each.image.rows * each.image.columns * each.image.allocated / 8U);
    const Bytes file = native(each.image, before);
    const Bytes after = cleaned_or_fail(file, {kHole});
    expect_hole(each.image, before, pixels_of(after), {each.black}, 1);
  }
}

TEST(CleanPixels, EveryFrameIsBlackened) {
  const Image image{.frames = "3", .allocated = 16, .stored = 16};
  const Bytes before = pattern(3 * 96);
  expect_hole(image, before, pixels_of(cleaned_or_fail(native(image, before), {kHole})), {{0, 0}},
              3);
}

TEST(CleanPixels, ColourByPixelIsBlackened) {
  const Bytes before = pattern(144);
  const Image rgb{.photometric = "RGB", .samples = 3};
  expect_hole(rgb, before, pixels_of(cleaned_or_fail(native(rgb, before), {kHole})),
              {{0}, {0}, {0}}, 1);
  const Image ybr{.photometric = "YBR_FULL", .samples = 3};
  expect_hole(ybr, before, pixels_of(cleaned_or_fail(native(ybr, before), {kHole})),
              {{0}, {128}, {128}}, 1);
}

TEST(CleanPixels, ColourByPlaneIsBlackenedInEachPlane) {
  const Image image{.photometric = "YBR_FULL", .samples = 3, .planar = 1, .frames = "2"};
  const Bytes before = pattern(2 * 144);
  const Bytes after = pixels_of(cleaned_or_fail(native(image, before), {kHole}));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::size_t plane = i / 48 % 3;
    const Byte black = plane == 0 ? 0 : 128;
    EXPECT_EQ(after[i], in_hole(i % 8, i % 48 / 8) ? black : before[i]) << i;
  }
}

TEST(CleanPixels, PixelsThatShareTheirColourAreBlackenedTogether) {
  const Image image{.photometric = "YBR_FULL_422", .samples = 3};
  const Bytes before = pattern(96);
  const Bytes after = pixels_of(cleaned_or_fail(native(image, before), {kHole}));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::size_t pair = i % 16 / 4;  // of 2 pixels in 4 bytes; 2 … 4 lie in pairs 1 and 2
    const std::size_t y = i / 16;
    const bool hit = (pair == 1 || pair == 2) && y >= 1 && y < 5;
    EXPECT_EQ(after[i], hit ? (i % 4 < 2 ? 0 : 128) : before[i]) << i;
  }
}

TEST(CleanPixels, SingleBitsAreBlackenedAcrossBytes) {
  const Image image{.frames = "3", .rows = 5, .columns = 7, .allocated = 1, .stored = 1};
  const Bytes before(14, 0xFF);  // 105 bits and a pad
  const Bytes after = pixels_of(cleaned_or_fail(native(image, before), {{1, 1, 2, 3}}));
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < 105; ++i) {
    const std::size_t x = i % 7;
    const std::size_t y = i / 7 % 5;
    const bool hit = x >= 1 && x < 3 && y >= 1 && y < 4;
    EXPECT_EQ(after[i / 8] >> (i % 8) & 1, hit ? 0 : 1) << i;
  }
}

Image with_palette(ByteView table) {
  return {.photometric = "PALETTE COLOR", .more = [table](DatasetBuilder& builder) {
            const Byte descriptor[] = {4, 0, 2, 0, 16, 0};  // 4 entries from index 2, 16 bits
            for (const std::uint16_t element : {0x1101, 0x1102, 0x1103}) {
              builder.bytes(Tag{0x0028, element}, Vr::US, descriptor);
            }
            for (const std::uint16_t element : {0x1201, 0x1202, 0x1203}) {
              builder.bytes(Tag{0x0028, element}, Vr::OW, table);
            }
          }};
}

TEST(CleanPixels, ThePalettesDarkestColourIsBlack) {
  const Byte table[] = {9, 9, 8, 8, 1, 0, 7, 7};
  const Image image = with_palette(table);
  const Bytes before = pattern(48);
  expect_hole(image, before, pixels_of(cleaned_or_fail(native(image, before), {kHole})), {{4}}, 1);
}

TEST(CleanPixels, APaletteThatCannotBeReadIsWithheld) {
  const Byte table[] = {9, 9, 8, 8, 1, 0};
  EXPECT_EQ(reason_of(native(with_palette(table), pattern(48))), pixels_unsupported);
}

TEST(CleanPixels, BigEndianWordsAreBlackenedInPlace) {
  const Bytes before = pattern(96);
  const Image words{.syntax = core::dicom::kExplicitVrBigEndian,
                    .photometric = "MONOCHROME1",
                    .allocated = 16,
                    .stored = 12};
  const Bytes file = native(words, before);
  const Bytes after = cleaned_or_fail(file, {kHole});
  expect_hole(words, before, pixels_of(after), {{0x0F, 0xFF}}, 1);
  EXPECT_EQ(after.size(), cleaned_or_fail(after, {kHole}).size());

  // 8-bit cells in words: the bytes of each word stand the other way round.
  const Image bytes{.syntax = core::dicom::kExplicitVrBigEndian, .photometric = "MONOCHROME1"};
  const Bytes cells = pattern(48);
  const Bytes painted = pixels_of(cleaned_or_fail(native(bytes, cells), {{2, 0, 1, 1}}));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(painted[i], i == 3 ? 0xFF : cells[i]) << i;
  }
}

TEST(CleanPixels, NothingButTheRectanglesChangesInANativeFile) {
  const Image image{.allocated = 16, .stored = 16};
  const Bytes file = native(image, pattern(96));
  const Bytes after = cleaned_or_fail(file, {{0, 0, 1, 1}});
  DatasetBuilder said(image.syntax);
  said.raw(checked(file).header()).text(Tag{0x0028, 0x0301}, Vr::CS, "NO");
  EXPECT_TRUE(std::ranges::equal(said.dataset(), checked(after).header()));
  EXPECT_EQ(checked(after).transfer_syntax().uid, image.syntax);
  Bytes expected = pattern(96);
  expected[0] = expected[1] = 0;
  EXPECT_EQ(pixels_of(after), expected);
}

TEST(CleanPixels, BytesBehindTheLastFrameAreBlanked) {
  const Image image;
  Bytes pixels = pattern(48);
  for (const char letter : std::string_view("YAMADA")) pixels.push_back(static_cast<Byte>(letter));
  EXPECT_FALSE(contains(cleaned_or_fail(native(image, pixels), {kHole}), "YAMADA"));
}

TEST(CleanPixels, RectanglesBeyondTheImageDoNoHarm) {
  const Image image;
  const Bytes before = pattern(48);
  const Bytes after = pixels_of(cleaned_or_fail(
      native(image, before), {{7, 5, UINT32_MAX, UINT32_MAX}, {8, 0, 5, 5}, {0, 99, 1, 1}}));
  Bytes expected = before;
  expected.back() = 0;
  EXPECT_EQ(after, expected);
}

TEST(CleanPixels, PixelsThatContradictTheHeaderAreWithheld) {
  const Bytes pixels = pattern(48);
  EXPECT_EQ(reason_of(native({.rows = 7}, pixels)), pixels_malformed);  // cut short
  EXPECT_EQ(reason_of(native({.frames = "2"}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.frames = "0"}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.frames = "-1"}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.frames = "1.5"}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.rows = 0}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.samples = 3}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.stored = 9}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.allocated = 12}, pixels)), pixels_unsupported);
  EXPECT_EQ(reason_of(native({.photometric = "CMYK"}, pixels)), pixels_unsupported);
  EXPECT_EQ(reason_of(native({.photometric = ""}, pixels)), pixels_unsupported);
}

TEST(CleanPixels, AbsurdSizesAreRefusedBeforeAnythingIsAllocated) {
  const Bytes pixels = pattern(48);
  EXPECT_EQ(reason_of(native({.rows = 65535, .columns = 65535}, pixels)), pixels_too_large);
  EXPECT_EQ(reason_of(native({.frames = "4294967295"}, pixels)), pixels_malformed);
  EXPECT_EQ(reason_of(native({.frames = "99999999999999999999"}, pixels)), pixels_malformed);
}

TEST(CleanPixels, AnObjectWithoutAnImageIsWithheld) {
  EXPECT_EQ(reason_of(head_of({}).part10(kSecondaryCapture, kInstance)), pixels_missing);
}

TEST(CleanPixels, FloatPixelsAreWithheld) {
  DatasetBuilder builder = head_of({});
  builder.bytes(Tag{0x7FE0, 0x0008}, Vr::OF, pattern(48));
  EXPECT_EQ(reason_of(builder.part10(kSecondaryCapture, kInstance)), pixels_unsupported);
}

// --- compressed: Debian's sample files, their native twins the witness -------------------------

Bytes sample(std::string_view file_name) {
  static const auto files = [] {
    std::map<std::string, std::filesystem::path> found;
    for (const auto& path : sekisho::tests::sample_files()) found[path.filename()] = path;
    return found;
  }();
  const auto file = files.find(std::string(file_name));
  return file == files.end() ? Bytes() : sekisho::tests::content_of(file->second);
}

std::string text_of(const Bytes& part10, Tag tag) { return value_in(part10, tag); }

imaging::ImageShape shape_of(const Bytes& part10) {
  return std::get<imaging::ImageShape>(imaging::read_image_shape(checked(part10)));
}

struct Twins {
  std::string_view compressed;
  std::string_view native;
};

TEST(CleanPixels, LosslessFilesEqualTheirNativeTwinsOutsideTheRectangles) {
  const Twins twins[] = {
      {"MR_small_RLE.dcm", "MR_small.dcm"},
      {"MR_small_jp2klossless.dcm", "MR_small.dcm"},
      {"MR_small_jpeg_ls_lossless.dcm", "MR_small.dcm"},
      {"rtdose_rle.dcm", "rtdose.dcm"},
      {"rtdose_rle_1frame.dcm", "rtdose_1frame.dcm"},
  };
  for (const Twins& each : twins) {
    SCOPED_TRACE(each.compressed);
    const Bytes compressed = sample(each.compressed);
    const Bytes plain = sample(each.native);
    if (compressed.empty() || plain.empty()) GTEST_SKIP() << "no sample files";
    const std::vector<Rectangle> rectangles{{3, 2, 4, 5}, {0, 0, 1, 1}};
    const Bytes after = cleaned_or_fail(compressed, rectangles);
    EXPECT_EQ(checked(after).transfer_syntax().uid, core::dicom::kExplicitVrLittleEndian);
    // The native twin, blackened by the code that the tests above hold to account.
    EXPECT_EQ(pixels_of(after), pixels_of(cleaned_or_fail(plain, rectangles)));
    EXPECT_NE(pixels_of(after), pixels_of(plain));
  }
}

/// Cleaning with a rectangle outside the image decodes and paints nothing.
Bytes decoded(const Bytes& part10) { return cleaned_or_fail(part10, {{65535, 65535, 1, 1}}); }

TEST(CleanPixels, EveryCodecLeavesTheOutsideAsItDecodes) {
  const std::string_view names[] = {
      "SC_rgb_rle.dcm",          "SC_rgb_rle_2frame.dcm",
      "SC_rgb_rle_16bit.dcm",    "SC_rgb_rle_16bit_2frame.dcm",
      "SC_rgb_rle_32bit.dcm",    "SC_rgb_rle_32bit_2frame.dcm",
      "SC_rgb_jpeg_dcmtk.dcm",   "SC_rgb_dcmtk_+eb+cy+np.dcm",
      "SC_rgb_dcmtk_+eb+cr.dcm", "SC_rgb_small_odd_jpeg.dcm",
      "JPGExtended.dcm",         "JPEG2000.dcm",
      "SC_rgb_jpeg_gdcm.dcm",    "SC_rgb_gdcm_KY.dcm",
  };
  for (const std::string_view each : names) {
    SCOPED_TRACE(each);
    const Bytes file = sample(each);
    if (file.empty()) GTEST_SKIP() << "no sample files";
    const Bytes plain = decoded(file);
    const Bytes after = cleaned_or_fail(file, {kHole});
    if (plain.empty() || after.empty()) continue;
    const imaging::ImageShape shape = shape_of(after);
    EXPECT_EQ(shape.planes, imaging::ImageShape::Planes::interleaved);
    const Image image{.samples = static_cast<std::uint16_t>(shape.samples),
                      .rows = static_cast<std::uint16_t>(shape.rows),
                      .columns = static_cast<std::uint16_t>(shape.columns),
                      .allocated = static_cast<std::uint16_t>(shape.bits_allocated)};
    Bytes none(shape.bytes_per_sample(), 0);
    if (shape.sign == imaging::ImageShape::Sign::with) none.back() = 0x80;  // 16 bits are stored
    const Bytes grey(shape.bytes_per_sample(), 128);
    const Bytes& chroma = shape.photometric == imaging::Photometric::ybr_full ? grey : none;
    expect_hole(image, pixels_of(plain), pixels_of(after), {none, chroma, chroma}, shape.frames);
  }
}

TEST(CleanPixels, TheHeaderTellsTheTruthAboutDecodedPixels) {
  const Bytes file = sample("SC_rgb_dcmtk_+eb+cy+np.dcm");
  if (file.empty()) GTEST_SKIP() << "no sample files";
  EXPECT_NE(text_of(file, Tag{0x0028, 0x0004}), "RGB");
  const Bytes after = cleaned_or_fail(file, {kHole});
  EXPECT_EQ(text_of(after, Tag{0x0028, 0x0004}), "RGB");
  EXPECT_EQ(text_of(after, Tag{0x0028, 0x2110}), "01");
}

TEST(CleanPixels, CompressedFilesThatAreCutShortAreWithheldOrDecodable) {
  for (const std::string_view each :
       {"MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm",
        "JPGExtended.dcm", "SC_rgb_jpeg_dcmtk.dcm"}) {
    SCOPED_TRACE(each);
    const Bytes file = sample(each);
    if (file.empty()) GTEST_SKIP() << "no sample files";
    const Bytes value = pixels_of(file);
    const CheckedFile original = checked(file);
    // The one fragment after an offset table of unknown length, cut to half.
    const std::size_t table = core::dicom::read32(value.data() + 4, ByteOrder::little);
    Bytes fragment(value.begin() + static_cast<std::ptrdiff_t>(16 + table), value.end() - 8);
    fragment.resize(fragment.size() / 4 * 2);
    DatasetBuilder builder(original.transfer_syntax().uid);
    builder.raw(original.header()).encapsulated(core::dicom::kPixelData, {fragment});
    EXPECT_EQ(reason_of(builder.part10(kSecondaryCapture, kInstance)), pixels_malformed);
  }
}

/// No outcome is asserted but that there is one: sanitizers see the rest.
TEST(CleanPixels, DamagedStreamsDoNoHarm) {
  std::uint32_t random = 1;
  const auto next = [&random] { return random = random * 1664525U + 1013904223U; };
  for (const std::string_view each :
       {"MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm",
        "JPGExtended.dcm", "SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_rle_16bit_2frame.dcm"}) {
    const Bytes file = sample(each);
    if (file.empty()) GTEST_SKIP() << "no sample files";
    const auto begin = static_cast<std::size_t>(checked(file).pixel_offset()) + 28;
    for (int round = 0; round < 60; ++round) {
      Bytes damaged = file;
      for (int i = 0; i < 4; ++i) {
        damaged[begin + next() % (damaged.size() - begin)] = static_cast<Byte>(next() >> 24);
      }
      auto sound = CheckedFile::check(core::StoredFile::in_memory(std::move(damaged)));
      if (const auto* found = std::get_if<CheckedFile>(&sound)) {
        const std::vector<Rectangle> rectangles{kHole};
        EXPECT_NO_THROW(clean_pixels(*found, rectangles));
      }
    }
  }
}

TEST(CleanPixels, ASyntaxWithoutADecoderIsWithheld) {
  const Image image{.syntax = "1.2.840.10008.1.2.4.92"};
  DatasetBuilder builder = head_of(image);
  builder.encapsulated(core::dicom::kPixelData, {pattern(48)});
  EXPECT_EQ(reason_of(builder.part10(kSecondaryCapture, kInstance)), pixels_unsupported);
}

TEST(CleanPixels, FramesThatCannotBeToldApartAreWithheld) {
  const Image image{.syntax = "1.2.840.10008.1.2.5", .frames = "2"};
  DatasetBuilder builder = head_of(image);
  builder.encapsulated(core::dicom::kPixelData, {pattern(48), pattern(48), pattern(48)});
  EXPECT_EQ(reason_of(builder.part10(kSecondaryCapture, kInstance)), pixels_malformed);
}

TEST(CleanPixels, MoreFramesThanFragmentsCostNoMemory) {
  const Image image{.syntax = "1.2.840.10008.1.2.5", .frames = "1000000"};
  DatasetBuilder builder = head_of(image);
  builder.encapsulated(core::dicom::kPixelData, {pattern(48)});
  EXPECT_EQ(reason_of(builder.part10(kSecondaryCapture, kInstance)), pixels_malformed);
}

TEST(CleanPixels, CleaningTwiceEqualsCleaningOnce) {
  const Bytes file = sample("MR_small_RLE.dcm");
  if (file.empty()) GTEST_SKIP() << "no sample files";
  const Bytes once = cleaned_or_fail(file, {kHole});
  EXPECT_EQ(cleaned_or_fail(once, {kHole}), once);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
