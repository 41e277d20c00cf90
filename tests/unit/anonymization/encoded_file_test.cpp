// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <set>

#include "imaging/encoders/frame_encoder.h"
#include "mask_support.h"
#include "support/sample_files.h"

namespace sekisho::anonymization {
namespace {

using namespace tests;
using imaging::PixelEncoder;

Bytes pixels_of(const Masked& masked) {
  Bytes pixels(masked.pixel_size());
  masked.pixels().read(0, pixels);
  return pixels;
}

/// What the header says by text of up to 16 characters.
std::string text_at(const Masked& masked, Tag tag) {
  std::string text;
  core::dicom::for_each_token(masked.header(), [&](const core::dicom::Token& token) {
    if (token.depth == 0 && token.tag == tag) text = core::as_text(token.value);
  });
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

constexpr Tag kPhotometricInterpretation{0x0028, 0x0004};
constexpr Tag kPlanarConfiguration{0x0028, 0x0006};
constexpr Tag kLossyImageCompression{0x0028, 0x2110};

std::optional<Masked> masked_of(const CheckedFile& file, const Profile& profile) {
  try {
    return mask(file, profile, a_share());
  } catch (const MaskError&) {
    return std::nullopt;
  }
}

/// Encoded, read again as a stranger's file, and decoded: cells are what they were, and nothing
/// that was lost before is denied.
void expect_the_same_cells(const CheckedFile& file, const Profile& profile,
                           const PixelEncoder& encoder, std::set<std::string_view>& seen) {
  auto cells = masked_of(file, profile);
  auto encoded = masked_of(file, profile);
  if (!cells || !cells->write_explicitly({}) || !encoded->write_encoded(encoder, {})) return;
  EXPECT_EQ(encoded->transfer_syntax().uid, encoder.transfer_syntax);
  const CheckedFile again = checked(bytes_of(*encoded));
  EXPECT_EQ(again.transfer_syntax().uid, encoder.transfer_syntax);
  Masked decoded = mask(again, profile_of(R"("none")"), a_share());
  ASSERT_TRUE(decoded.write_explicitly({})) << encoder.transfer_syntax;
  // Pixels that came in pairs or in planes are whole now (PS3.3 §C.7.6.3.1.2, §C.7.6.3.1.3).
  if (text_at(*cells, kPhotometricInterpretation) != "YBR_FULL_422" &&
      !text_at(*cells, kPlanarConfiguration).starts_with('\1')) {
    const Bytes before = pixels_of(*cells);
    const Bytes after = pixels_of(decoded);
    ASSERT_LE(after.size(), before.size()) << "of what is behind the last frame nothing is encoded";
    constexpr std::ptrdiff_t kElementHeadBytes = 12;
    EXPECT_TRUE(std::equal(after.begin() + kElementHeadBytes, after.end(),
                           before.begin() + kElementHeadBytes))
        << encoder.transfer_syntax;
  }
  EXPECT_EQ(text_at(*encoded, kLossyImageCompression), text_at(*cells, kLossyImageCompression));
  seen.insert(encoder.transfer_syntax);
}

TEST(EncodedFile, OfEverySampleHasTheSameCells) {
  std::set<std::string_view> seen;
  for (const auto& path : sekisho::tests::sample_files()) {
    const auto file =
        CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    const auto* sound = std::get_if<CheckedFile>(&file);
    if (sound == nullptr || sound->pixel_size() == 0) continue;
    SCOPED_TRACE(path.filename().string());
    for (const Profile& profile : {profile_of(R"("none")"), basic()}) {
      for (const PixelEncoder& encoder : imaging::pixel_encoders()) {
        if (encoder.transfer_syntax == sound->transfer_syntax().uid ||
            encoder.loss != imaging::Loss::none) {
          continue;
        }
        expect_the_same_cells(*sound, profile, encoder, seen);
      }
    }
  }
  if (!sekisho::tests::sample_files().empty()) {
    EXPECT_EQ(seen.size(), 5U);
  }
}

// PS3.5 §8.2.4.
TEST(EncodedFile, OfRedGreenAndBlueIsTransformedInJpeg2000) {
  DatasetBuilder image;
  image.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.7")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .us(Tag{0x0028, 0x0002}, 3)
      .text(kPhotometricInterpretation, Vr::CS, "RGB")
      .us(Tag{0x0028, 0x0006}, 1)
      .us(Tag{0x0028, 0x0010}, 1)
      .us(Tag{0x0028, 0x0011}, 2)
      .us(Tag{0x0028, 0x0100}, 8)
      .us(Tag{0x0028, 0x0101}, 8)
      .us(Tag{0x0028, 0x0102}, 7)
      .us(Tag{0x0028, 0x0103}, 0)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OB, Bytes{1, 2, 30, 40, 50, 60});
  const CheckedFile file = checked(image.part10("1.2.840.10008.5.1.4.1.1.7", "1.2.3"));
  for (const PixelEncoder& encoder : imaging::pixel_encoders()) {
    Masked masked = mask(file, profile_of(R"("none")"), a_share());
    ASSERT_TRUE(masked.write_encoded(encoder, {}));
    const bool is_jpeg_2000 =
        encoder.transfer_syntax.ends_with(".4.90") || encoder.transfer_syntax.ends_with(".4.91");
    EXPECT_EQ(text_at(masked, kPhotometricInterpretation), is_jpeg_2000 ? "YBR_RCT" : "RGB");
    if (encoder.loss != imaging::Loss::none) continue;
    // Colour by pixel, whatever it was (PS3.3 §C.7.6.3.1.3).
    Masked back = mask(checked(bytes_of(masked)), profile_of(R"("none")"), a_share());
    ASSERT_TRUE(back.write_explicitly({}));
    const Bytes pixels = pixels_of(back);
    EXPECT_EQ(Bytes(pixels.begin() + 12, pixels.end()), (Bytes{1, 30, 50, 2, 40, 60}));
  }
}

TEST(EncodedFile, StaysAsItIsWhereItCannotBeEncoded) {
  DatasetBuilder report;
  report.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.88.11")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3");
  Masked masked = mask(checked(report.part10("1.2.840.10008.5.1.4.1.1.88.11", "1.2.3")),
                       profile_of(R"("none")"), a_share());
  const Bytes before = bytes_of(masked);
  for (const PixelEncoder& encoder : imaging::pixel_encoders()) {
    EXPECT_FALSE(masked.write_encoded(encoder, {}));
    EXPECT_EQ(bytes_of(masked), before);
  }
}

}  // namespace
}  // namespace sekisho::anonymization
