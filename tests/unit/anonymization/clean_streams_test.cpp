// SPDX-License-Identifier: GPL-3.0-or-later
// Code streams are cleaned in imaging/, which decodes nothing: here other people's decoders show
// that the pixels stay what they were, bit for bit.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "anonymization/pixels/pixel_data.h"
#include "anonymization/pixels/release.h"
#include "imaging/clean_pixels.h"
#include "imaging/clean_stream.h"
#include "imaging/decoders/frame_decoder.h"
#include "imaging/decoders/image_shape.h"
#include "mask_support.h"
#include "support/sample_files.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kCanary = "CANARY^TARO";

std::optional<CheckedFile> checked_sample(const std::filesystem::path& path) {
  auto file = CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
  if (!std::holds_alternative<CheckedFile>(file)) return std::nullopt;
  return std::get<CheckedFile>(std::move(file));
}

std::optional<Bytes> decoded(ByteView stream, const imaging::ImageShape& shape,
                             const imaging::PixelCodec& codec) {
  Bytes frame(shape.frame_bytes());
  if (!std::holds_alternative<imaging::Photometric>(codec.decode(stream, shape, frame)))
    return std::nullopt;
  return frame;
}

/// A segment of text behind the first marker of JPEG, or behind the sizes of JPEG 2000.
Bytes with_text(ByteView stream) {
  const bool is_jpeg = stream[1] == 0xD8;
  const std::size_t place = is_jpeg ? 2 : 4U + (stream[4] << 8U | stream[5]);
  Bytes all(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(place));
  const ByteView text = core::as_bytes(kCanary);
  for (const Byte marker : is_jpeg ? Bytes{0xFE, 0xE1, 0xED} : Bytes{0x64, 0x64}) {
    all.insert(all.end(), {0xFF, marker, 0, static_cast<Byte>(text.size() + 4), 0, 1});
    all.insert(all.end(), text.begin(), text.end());
  }
  all.insert(all.end(), stream.begin() + static_cast<std::ptrdiff_t>(place), stream.end());
  all.insert(all.end(), text.begin(), text.end());
  return all;
}

struct Counts {
  int same = 0;
  int refused = 0;
};

void compare(const CheckedFile& file, const imaging::PixelCodec& codec, Counts& counts) {
  const auto read = imaging::read_image_shape(file);
  const auto data = read_pixel_data(file);
  if (!std::holds_alternative<imaging::ImageShape>(read) ||
      !std::holds_alternative<PixelData>(data))
    return;
  const auto& shape = std::get<imaging::ImageShape>(read);
  const auto frames = Frames::split(std::get<PixelData>(data).value, shape.frames);
  if (!std::holds_alternative<Frames>(frames)) return;
  const auto clean = imaging::clean_pixels(file);
  const auto& before = std::get<Frames>(frames).streams();
  if (std::holds_alternative<imaging::Refusal>(clean)) {
    counts.refused += decoded(before.front(), shape, codec) ? 1 : 0;
    return;
  }
  const auto& source = std::get<imaging::PixelSource>(clean);
  const auto layout = imaging::read_pixel_layout(file);
  const auto cleaner = imaging::find_cleaner(file.transfer_syntax().uid);
  ASSERT_EQ(source.streams().size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto pixels = decoded(before[i], shape, codec);
    if (!pixels) continue;
    Bytes stream(source.streams()[i].size);
    source.read(source.streams()[i].offset, stream);
    EXPECT_EQ(decoded(stream, shape, codec), pixels);
    ++counts.same;
    if (before[i][0] != 0xFF) continue;  // RLE has no segments of text
    const Bytes planted = with_text(before[i]);
    const auto cleaned = cleaner(planted, *layout);
    ASSERT_TRUE(std::holds_alternative<imaging::CleanStream>(cleaned));
    EXPECT_EQ(std::get<imaging::CleanStream>(cleaned).edits.bytes(planted), stream);
    EXPECT_FALSE(contains(stream, kCanary));
  }
}

TEST(CleanStreams, DecodeToTheSamePixels) {
  if (sekisho::tests::sample_files().empty()) GTEST_SKIP() << "python3-pydicom is not installed";
  Counts counts;
  for (const auto& path : sekisho::tests::sample_files()) {
    SCOPED_TRACE(path.string());
    const auto file = checked_sample(path);
    if (!file) continue;
    const imaging::PixelCodec* codec = imaging::find_codec(file->transfer_syntax().uid);
    if (codec != nullptr) compare(*file, *codec, counts);
  }
  EXPECT_GT(counts.same, 25);
  EXPECT_EQ(counts.refused, 0);
}

/// 2 × 2 samples of 8 bits.
DatasetBuilder an_image(std::string_view syntax) {
  DatasetBuilder builder(syntax);
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .us(Tag{0x0028, 0x0010}, 2)
      .us(Tag{0x0028, 0x0011}, 2)
      .us(Tag{0x0028, 0x0100}, 8);
  return builder;
}

TEST(CleanStreams, ThatAreRefusedWithholdTheirInstanceWithAReason) {
  const auto reason_of = [](const DatasetBuilder& builder) {
    const auto released = release(checked(builder.part10(kCtImageStorage, kInstance)), basic(),
                                  a_share(), PixelPolicy{}, Approval::by_staff);
    const auto* reason = std::get_if<WithholdReason>(&released);
    return reason == nullptr ? "released" : name(*reason);
  };
  constexpr std::string_view kJpegXl = "1.2.840.10008.1.2.4.110";
  EXPECT_EQ(reason_of(an_image(kJpegXl).encapsulated(core::dicom::kPixelData, {{0xFF, 0x0A}})),
            "pixel-coding-unknown");
  constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
  EXPECT_EQ(reason_of(an_image(kRle).encapsulated(core::dicom::kPixelData, {{1, 2}})),
            "pixel-bytes-unclear");
  EXPECT_EQ(reason_of(an_image(core::dicom::kExplicitVrLittleEndian)
                          .bytes(core::dicom::kPixelData, Vr::OW, Bytes{1, 2, 3, 4})),
            "released");
}

/// The sample, in which the header says that so many bits of 16 are stored.
Bytes jpeg_ls_storing(std::uint16_t bits) {
  for (const auto& path : sekisho::tests::sample_files()) {
    if (path.filename() != "MR_small_jpeg_ls_lossless.dcm") continue;
    Bytes file = sekisho::tests::content_of(path);
    const auto set = [&](Byte element, std::uint16_t from, std::uint16_t to) {
      const Bytes stands{0x28, 0, element, 1, 'U', 'S', 2, 0, static_cast<Byte>(from), 0};
      const auto at = std::ranges::search(file, stands);
      if (at.empty()) throw std::logic_error("the sample says something else");
      at.begin()[8] = static_cast<Byte>(to);
    };
    set(1, 16, bits);
    set(2, 15, static_cast<std::uint16_t>(bits - 1));
    return file;
  }
  return {};
}

TEST(CleanStreams, BitsThatHoldNoSampleWithholdAnImageByAReasonOfTheirOwn) {
  if (jpeg_ls_storing(16).empty()) GTEST_SKIP() << "python3-pydicom is not installed";
  const auto answer = [](std::uint16_t bits, const KnownPixels& known) {
    const auto released =
        release(checked(jpeg_ls_storing(bits)), basic(), a_share(), PixelPolicy{},
                Approval::by_staff, Author::hospital, {}, nullptr, {&known, "revision"});
    const auto* reason = std::get_if<WithholdReason>(&released);
    return reason == nullptr ? "released" : name(*reason);
  };
  // The largest sample is 2145, which has 12 bits beside its sign.
  for (const auto& [bits, expected] : {std::pair<std::uint16_t, std::string_view>{16, "released"},
                                       {13, "released"},
                                       {12, "unused-bits"}}) {
    const KnownPixels known(1 << 20);
    EXPECT_EQ(answer(bits, known), expected) << bits;
    EXPECT_EQ(answer(bits, known), expected) << bits << ", who knows";
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
