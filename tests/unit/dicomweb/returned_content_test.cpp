// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back is what it says it is.
#include "dicomweb/returned_content.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include "support/dicom_builder.h"

namespace sekisho::tests {
namespace {

using core::dicom::CheckedFile;
using dicomweb::ContentFinding;

constexpr std::string_view kEncapsulatedPdf = "1.2.840.10008.5.1.4.1.1.104.1";
constexpr std::string_view kSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
constexpr std::string_view kSegmentation = "1.2.840.10008.5.1.4.1.1.66.4";
constexpr std::string_view kBasicTextSr = "1.2.840.10008.5.1.4.1.1.88.11";
constexpr std::string_view kInstance = "1.2.392.200036.9.1.1";
constexpr std::string_view kPdf = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";
constexpr std::string_view kPage = "<html><script>alert(1)</script></html>";
constexpr Tag kDocument{0x0042, 0x0011};
constexpr Tag kMimeType{0x0042, 0x0012};
constexpr Tag kDocumentLength{0x0042, 0x0015};
constexpr Tag kPixels{0x7FE0, 0x0010};

constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
constexpr std::string_view kJpegLossless = "1.2.840.10008.1.2.4.70";
constexpr std::string_view kJpegLs = "1.2.840.10008.1.2.4.80";
constexpr std::string_view kJpeg2000 = "1.2.840.10008.1.2.4.90";
constexpr std::string_view kHighThroughput = "1.2.840.10008.1.2.4.201";
constexpr std::string_view kRle = "1.2.840.10008.1.2.5";

ContentFinding finding_of(Bytes part10) {
  core::MemoryBudget memory(64U << 20U, std::chrono::milliseconds(0));
  auto checked = CheckedFile::check(core::StoredFile::in_memory(std::move(part10)));
  const auto finding = dicomweb::look_at_content(std::get<CheckedFile>(checked), memory, {});
  EXPECT_EQ(memory.taken_bytes(), 0U);
  return finding;
}
bool is_taken(const DatasetBuilder& dataset, std::string_view sop_class) {
  return finding_of(dataset.part10(sop_class, kInstance)) == ContentFinding::as_it_says;
}

Bytes bytes(std::string_view text) {
  const ByteView view = core::as_bytes(text);
  return {view.begin(), view.end()};
}
std::string even(std::string_view text) {
  return std::string(text) + std::string(text.size() % 2, '\0');
}

bool is_document_taken(std::string_view document, std::string_view type = "application/pdf",
                       std::string_view sop_class = kEncapsulatedPdf, Vr vr = Vr::OB) {
  return is_taken(
      DatasetBuilder().bytes(kDocument, vr, bytes(even(document))).text(kMimeType, Vr::LO, type),
      sop_class);
}

TEST(ReturnedContent, TakesAPdf) {
  EXPECT_TRUE(is_document_taken(kPdf));
  EXPECT_TRUE(is_document_taken("%PDF-1.7\r\n%\xE2\xE3\xCF\xD3\r\nstartxref\r\n0\r\n%%EOF"));
  EXPECT_TRUE(is_document_taken("%PDF-2.0\n%%EOF \t\r\n"));
}

TEST(ReturnedContent, TakesNoDocumentThatIsNoPdf) {
  const std::string pdf(kPdf);
  for (const std::string& document :
       {std::string(kPage), std::string(), std::string("%PDF-"), std::string("PK\3\4"),
        std::string("%PDF-1.4"), ' ' + pdf, '\n' + pdf, std::string(1, '\0') + pdf,
        "\xEF\xBB\xBF" + pdf, std::string(kPage) + pdf, pdf + std::string(kPage), pdf + "PK\3\4",
        "%PDF-<script>" + pdf, std::string("%pdf-1.4\n%%EOF"), std::string("%PDF-1,4\n%%EOF"),
        "%PDF-1.4\n" + std::string(kPage)}) {
    EXPECT_FALSE(is_document_taken(document)) << document;
  }
}

TEST(ReturnedContent, TakesNoPdfThatIsCalledSomethingElse) {
  for (const char* type :
       {"text/html", "", "application/pdf;x=text/html", "text/html\\application/pdf",
        "application/pdf\\text/html", "Application/PDF", "image/svg+xml"}) {
    EXPECT_FALSE(is_document_taken(kPdf, type)) << type;
  }
  EXPECT_FALSE(
      is_taken(DatasetBuilder().bytes(kDocument, Vr::OB, bytes(even(kPdf))), kEncapsulatedPdf));
  EXPECT_FALSE(is_document_taken(kPdf, "application/pdf", kEncapsulatedPdf, Vr::UN));
}

TEST(ReturnedContent, TakesAPdfThatIsAsLongAsItSays) {
  const auto is_taken_of_length = [](std::string_view document, std::uint32_t length) {
    Byte said[4];
    for (unsigned i = 0; i < 4; ++i) said[i] = static_cast<Byte>(length >> (8 * i));
    return is_taken(DatasetBuilder()
                        .bytes(kDocument, Vr::OB, bytes(even(document)))
                        .text(kMimeType, Vr::LO, "application/pdf")
                        .bytes(kDocumentLength, Vr::UL, said),
                    kEncapsulatedPdf);
  };
  const std::string odd = std::string(kPdf).substr(0, kPdf.size() - (kPdf.size() + 1) % 2);
  ASSERT_EQ(odd.size() % 2, 1U);
  EXPECT_TRUE(is_taken_of_length(odd, static_cast<std::uint32_t>(odd.size())));
  EXPECT_FALSE(is_taken_of_length(odd, static_cast<std::uint32_t>(odd.size() + 2)));
  EXPECT_FALSE(is_taken_of_length(odd + "    ", static_cast<std::uint32_t>(odd.size())));
  EXPECT_FALSE(is_taken_of_length(odd, 5));
}

TEST(ReturnedContent, TakesNoDocumentInAnythingElse) {
  for (const std::string_view sop_class : {kBasicTextSr, kSecondaryCapture, kSegmentation}) {
    EXPECT_FALSE(is_document_taken(kPdf, "application/pdf", sop_class)) << sop_class;
    EXPECT_FALSE(is_document_taken(kPage, "text/html", sop_class)) << sop_class;
    EXPECT_TRUE(is_taken(DatasetBuilder(), sop_class)) << sop_class;
  }
  const auto below = [](std::string_view sop_class) {
    return is_taken(DatasetBuilder()
                        .begin_sequence(Tag{0x0040, 0xA730})
                        .begin_item()
                        .bytes(kDocument, Vr::OB, bytes(even(kPdf)))
                        .end_item()
                        .end_sequence()
                        .text(kMimeType, Vr::LO, "application/pdf"),
                    sop_class);
  };
  EXPECT_FALSE(below(kBasicTextSr));
  EXPECT_FALSE(below(kEncapsulatedPdf));
}

/// A monochrome image of 4 rows and 6 columns.
DatasetBuilder an_image(std::string_view syntax, std::uint16_t bits = 8, int frames = 1,
                        std::string_view photometric = "MONOCHROME2", std::uint16_t samples = 1) {
  DatasetBuilder dataset(syntax);
  dataset.us(Tag{0x0028, 0x0002}, samples)
      .text(Tag{0x0028, 0x0004}, Vr::CS, photometric)
      .text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(frames))
      .us(Tag{0x0028, 0x0010}, 4)
      .us(Tag{0x0028, 0x0011}, 6)
      .us(Tag{0x0028, 0x0100}, bits)
      .us(Tag{0x0028, 0x0101}, bits)
      .us(Tag{0x0028, 0x0102}, static_cast<std::uint16_t>(bits - 1))
      .us(Tag{0x0028, 0x0103}, 0);
  return dataset;
}

TEST(ReturnedContent, TakesNativePixelsThatAreAsManyAsTheImageSays) {
  struct Case {
    std::uint16_t bits;
    int frames;
    const char* photometric;
    std::uint16_t samples;
    std::size_t size;
  };
  for (const Case& each :
       {Case{8, 1, "MONOCHROME2", 1, 24}, Case{16, 1, "MONOCHROME2", 1, 48},
        Case{8, 3, "MONOCHROME1", 1, 72}, Case{8, 1, "RGB", 3, 72}, Case{1, 1, "MONOCHROME2", 1, 4},
        Case{1, 3, "MONOCHROME2", 1, 10}, Case{8, 1, "YBR_FULL_422", 3, 48}}) {
    for (const std::string_view syntax :
         {core::dicom::kExplicitVrLittleEndian, core::dicom::kImplicitVrLittleEndian}) {
      for (const std::size_t size : {each.size, each.size + 2, each.size - 2, std::size_t{0}}) {
        auto image = an_image(syntax, each.bits, each.frames, each.photometric, each.samples);
        image.bytes(kPixels, Vr::OW, Bytes(size, 0x3C));
        EXPECT_EQ(is_taken(image, kSecondaryCapture), size == each.size) << size;
      }
    }
  }
}

TEST(ReturnedContent, TakesPixelsInImagesAlone) {
  auto image = an_image(core::dicom::kExplicitVrLittleEndian);
  image.bytes(kPixels, Vr::OW, Bytes(24, 0));
  EXPECT_TRUE(is_taken(image, kSecondaryCapture));
  EXPECT_TRUE(is_taken(image, kSegmentation));
  EXPECT_FALSE(is_taken(image, kBasicTextSr));
  EXPECT_FALSE(is_taken(image, kEncapsulatedPdf));
  auto floats = an_image(core::dicom::kExplicitVrLittleEndian, 32);
  floats.bytes(Tag{0x7FE0, 0x0008}, Vr::OF, Bytes(96, 0));
  EXPECT_FALSE(is_taken(floats, kSegmentation));
}

// Code streams, as far as they are looked at.
Bytes a_jpeg(Byte frame_marker, Byte rows = 4, Byte columns = 6, Byte components = 1) {
  Bytes stream = {0xFF, 0xD8, 0xFF,    frame_marker, 0, 11,   8, 0,
                  rows, 0,    columns, components,   1, 0x11, 0};
  if (components != 1) stream[5] = static_cast<Byte>(8 + 3 * components);
  for (Byte i = 1; i < components; ++i) stream.insert(stream.end(), {Byte(i + 1), 0x11, 0});
  stream.insert(stream.end(), {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, 0x7F, 0xFF, 0xD9});
  return stream;
}
Bytes a_jpeg_2000(Byte rows = 4, Byte columns = 6) {
  Bytes stream = {0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0};
  const auto word = [&](Byte low) { stream.insert(stream.end(), {0, 0, 0, low}); };
  for (const Byte low : {columns, rows, Byte{0}, Byte{0}, columns, rows, Byte{0}, Byte{0}})
    word(low);
  stream.insert(stream.end(), {0, 1, 7, 1, 1, 0xFF, 0xD9});
  return stream;
}
Bytes an_rle(Byte segments = 1) {
  Bytes stream(64, 0);
  stream[0] = segments;
  for (Byte i = 0; i < segments; ++i) stream[4U + 4U * i] = static_cast<Byte>(64 + 4 * i);
  for (Byte i = 0; i < segments; ++i) stream.insert(stream.end(), {0xE9, 0x20, 0x80, 0x80});
  return stream;
}

bool is_frame_taken(std::string_view syntax, Bytes stream, int frames = 1) {
  if (stream.size() % 2 != 0) stream.push_back(0);
  auto image = an_image(syntax, 8, frames);
  image.encapsulated(kPixels, {std::move(stream)});
  return is_taken(image, kSecondaryCapture);
}

TEST(ReturnedContent, TakesFramesThatAreWhatTheTransferSyntaxSays) {
  EXPECT_TRUE(is_frame_taken(kJpegBaseline, a_jpeg(0xC0)));
  EXPECT_TRUE(is_frame_taken(kJpegLossless, a_jpeg(0xC3)));
  EXPECT_TRUE(is_frame_taken(kJpegLs, a_jpeg(0xF7)));
  EXPECT_TRUE(is_frame_taken(kJpeg2000, a_jpeg_2000()));
  EXPECT_TRUE(is_frame_taken(kHighThroughput, a_jpeg_2000()));
  EXPECT_TRUE(is_frame_taken(kRle, an_rle()));
}

TEST(ReturnedContent, TakesNoFrameThatIsSomethingElse) {
  const Bytes page = bytes(kPage);
  const auto behind = [&](Bytes stream, const Bytes& more) {
    stream.insert(stream.end(), more.begin(), more.end());
    return stream;
  };
  for (const std::string_view syntax :
       {kJpegBaseline, kJpegLossless, kJpegLs, kJpeg2000, kHighThroughput, kRle}) {
    EXPECT_FALSE(is_frame_taken(syntax, page)) << syntax;
    EXPECT_FALSE(is_frame_taken(syntax, {})) << syntax;
    EXPECT_FALSE(is_frame_taken(syntax, bytes(kPdf))) << syntax;
    for (const Bytes& stream :
         {a_jpeg(0xC0), a_jpeg(0xC3), a_jpeg(0xF7), a_jpeg_2000(), an_rle()}) {
      EXPECT_FALSE(is_frame_taken(syntax, behind(page, stream))) << syntax;
      if (syntax == kRle) continue;  // run lengths have no end
      EXPECT_FALSE(is_frame_taken(syntax, behind(stream, page))) << syntax;
    }
  }
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg(0xC3)));
  EXPECT_FALSE(is_frame_taken(kJpegLossless, a_jpeg(0xC0)));
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg_2000()));
  EXPECT_FALSE(is_frame_taken(kJpeg2000, a_jpeg(0xC0)));
  EXPECT_FALSE(is_frame_taken(kRle, a_jpeg(0xC0)));
}

TEST(ReturnedContent, TakesNoFrameOfAnotherShapeThanTheImages) {
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg(0xC0, 5)));
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg(0xC0, 4, 7)));
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg(0xC0, 4, 6, 3)));
  EXPECT_FALSE(is_frame_taken(kJpeg2000, a_jpeg_2000(5)));
  EXPECT_FALSE(is_frame_taken(kRle, an_rle(2)));
  EXPECT_FALSE(is_frame_taken(kJpegBaseline, a_jpeg(0xC0), 2)) << "two frames";
}

TEST(ReturnedContent, TakesNoNativePixelsWhereFramesAreSaidAndNoSyntaxThatItDoesNotKnow) {
  auto native = an_image(kJpegBaseline);
  native.bytes(kPixels, Vr::OB, Bytes(24, 0));
  EXPECT_FALSE(is_taken(native, kSecondaryCapture));
  for (const char* syntax : {"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.110", "1.2.3.4"}) {
    auto image = an_image(syntax);
    image.encapsulated(kPixels, {a_jpeg(0xC0)});
    EXPECT_EQ(finding_of(image.part10(kSecondaryCapture, kInstance)),
              ContentFinding::unknown_code_stream);
  }
}

}  // namespace
}  // namespace sekisho::tests
