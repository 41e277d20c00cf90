// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/dicom/checked_file.h"
#include "imaging/clean_pixels.h"
#include "streams.h"
#include "support/dicom_builder.h"

namespace sekisho::imaging::tests {

using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::Vr;
using sekisho::tests::DatasetBuilder;

/// What tests vary about an image of rows × columns.
struct Image {
  std::string_view syntax = core::dicom::kExplicitVrLittleEndian;
  std::uint16_t rows = 2;
  std::uint16_t columns = 4;
  std::uint16_t samples = 1;
  std::string_view photometric = "MONOCHROME2";
  std::string_view frames = {};  ///< empty: not written
  std::uint16_t allocated = 8;
  std::uint16_t stored = 8;  ///< 0: not written, nor is the high bit
  std::uint16_t high_bit = 7;
  std::uint16_t is_signed = 0;
};

inline DatasetBuilder head_of(const Image& image) {
  DatasetBuilder builder(image.syntax);
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, "1.2.840.10008.5.1.4.1.1.7")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .us(Tag{0x0028, 0x0002}, image.samples)
      .text(Tag{0x0028, 0x0004}, Vr::CS, image.photometric);
  if (!image.frames.empty()) builder.text(Tag{0x0028, 0x0008}, Vr::IS, image.frames);
  builder.us(Tag{0x0028, 0x0010}, image.rows)
      .us(Tag{0x0028, 0x0011}, image.columns)
      .us(Tag{0x0028, 0x0100}, image.allocated);
  if (image.stored != 0) {
    builder.us(Tag{0x0028, 0x0101}, image.stored)
        .us(Tag{0x0028, 0x0102}, image.high_bit)
        .us(Tag{0x0028, 0x0103}, image.is_signed);
  }
  return builder;
}

inline CheckedFile checked(const DatasetBuilder& builder) {
  auto file = CheckedFile::check(
      core::StoredFile::in_memory(builder.part10("1.2.840.10008.5.1.4.1.1.7", "1.2.3")));
  if (const auto* defect = std::get_if<core::dicom::Defect>(&file)) {
    throw std::logic_error("the test's file is refused: " + std::string(defect->reason));
  }
  return std::get<CheckedFile>(std::move(file));
}

inline Bytes bytes_of(const PixelSource& source) {
  Bytes all(source.size_bytes());
  source.read(0, all);
  return all;
}

/// The elements of group 7FE0 as they may leave; read in small pieces they are the same.
inline Bytes pixels_of(const CheckedFile& file) {
  const auto clean = clean_pixels(file);
  if (const auto* refusal = std::get_if<Refusal>(&clean)) {
    return text("refused " + std::to_string(static_cast<int>(*refusal)));
  }
  const auto& source = std::get<PixelSource>(clean);
  const Bytes all = bytes_of(source);
  for (const std::size_t piece : {1U, 3U, 7U}) {
    Bytes again;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      Bytes part(std::min(piece, all.size() - at));
      source.read(at, part);
      again.insert(again.end(), part.begin(), part.end());
    }
    EXPECT_EQ(again, all);
  }
  return all;
}

/// What an element of explicit VR little endian looks like.
inline Bytes element(Tag tag, Vr vr, const Bytes& value,
                     std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
  DatasetBuilder builder(syntax);
  builder.bytes(tag, vr, value);
  return builder.dataset();
}
inline const Bytes kRefusedAsMalformed = text("refused 0");
inline const Bytes kRefusedAsUnsupported = text("refused 1");

}  // namespace sekisho::imaging::tests
